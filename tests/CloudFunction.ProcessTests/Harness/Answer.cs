using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>A whole answer of the API.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string Text)
{
    public JsonElement Json => JsonElement.Parse(Text);

    /// <summary>The answer, which must be a success.</summary>
    public JsonElement Ok
    {
        get
        {
            Assert.True(Status == HttpStatusCode.OK, $"{Status}: {Text}");
            return Json;
        }
    }

    /// <summary>The result of a call that must have succeeded.</summary>
    public JsonElement Result => Ok.GetProperty("result");

    /// <summary>Checks that it is a failure of the contract's format.</summary>
    /// <returns>The message.</returns>
    public string AssertError(HttpStatusCode status, string code)
    {
        Assert.True(Status == status, $"Expected {(int)status} {code}, got {(int)Status}: {Text}");
        Assert.Equal("error", Json.GetProperty("status").GetString());
        Assert.Equal(code, Json.GetProperty("code").GetString());
        Assert.NotEmpty(Json.GetProperty("trace_id").GetString()!);
        return Json.GetProperty("message").GetString()!;
    }

    public override string ToString() => $"{(int)Status} {Text}";

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new Answer(response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync());
        }
    }
}

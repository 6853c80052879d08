using System.Net;
using System.Text.Json;

namespace CloudFunction.AspNetCore.Tests;

/// <summary>Checks answers against the contract's error format.</summary>
internal static class ApiAnswer
{
    /// <summary>Asserts status, code and the whole shape; gives <c>details</c>.</summary>
    public static async Task<JsonElement> ShouldFailAsync(this HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == (HttpStatusCode)status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        return ShouldBeError(body, code);
    }

    /// <summary>Asserts code and shape of an error's JSON; gives <c>details</c>.</summary>
    public static JsonElement ShouldBeError(string body, string code)
    {
        var error = JsonDocument.Parse(body).RootElement;
        Assert.Equal(["status", "code", "message", "details", "trace_id"], error.EnumerateObject().Select(member => member.Name));
        Assert.Equal("error", error.GetProperty("status").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEqual("", error.GetProperty("message").GetString());
        Assert.NotEqual("", error.GetProperty("trace_id").GetString());
        return error.GetProperty("details");
    }

    public static string? Field(this JsonElement details) => details.GetProperty("field").GetString();
}

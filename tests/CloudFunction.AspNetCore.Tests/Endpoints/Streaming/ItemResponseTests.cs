using System.Text;
using System.Text.Json;
using CloudFunction.AspNetCore.Tests.Fakes;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Streaming;

public sealed class ItemResponseTests
{
    [Fact]
    public async Task Invoke_Events_ArriveWithAnEndOfTheirOwn()
    {
        await using var app = await TestApp.StartAsync();
        var result = Items(ItemEncoding.Events, "data: 1\n\nda", "ta: 2\n", "\n", "");
        app.Router.Answer(result);

        using var response = await app.InvokeAsync();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("data: 1\n\ndata: 2\n\nevent: end\ndata: {\"status\":\"success\"}\n\n", await response.Content.ReadAsStringAsync());
        Assert.True(result.Disposed);
    }

    [Fact]
    public async Task Invoke_Lines_ArriveAsTheyAre()
    {
        await using var app = await TestApp.StartAsync();
        app.Router.Answer(Items(ItemEncoding.Lines, "1\n", "2\n3\n"));

        using var response = await app.InvokeAsync();

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("1\n2\n3\n", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Lines", "1\n", "")]
    [InlineData("Events", "data: 1\n\n", "event: error\ndata: ")]
    public async Task Invoke_BreaksBetweenItems_SaysWhyInTheFormat(string format, string item, string prefix)
    {
        await using var app = await TestApp.StartAsync();
        app.Router.Answer(Items(Enum.Parse<ItemEncoding>(format), breaksOff: true, item, item));

        using var response = await app.InvokeAsync();

        var text = await response.Content.ReadAsStringAsync();
        Assert.StartsWith(item + item + prefix, text, StringComparison.Ordinal);
        var error = JsonElement.Parse(text[(2 * item.Length + prefix.Length)..]);
        Assert.Equal(("error", "WORKER_CRASHED"), (error.GetProperty("status").GetString(), error.GetProperty("code").GetString()));
        Assert.NotEmpty(error.GetProperty("trace_id").GetString()!);
        Assert.EndsWith(item[item.IndexOf('\n', StringComparison.Ordinal)..], text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Lines", "1\n2")]
    [InlineData("Events", "data: 1\n\ndata: 2")]
    [InlineData("Events", "data: 1\n\ndata: 2\n")]
    public async Task Invoke_BreaksWithinAnItem_CutsTheConnection(string format, string items)
    {
        await using var app = await TestApp.StartAsync();
        var result = Items(Enum.Parse<ItemEncoding>(format), breaksOff: true, items);
        app.Router.Answer(result);

        await Assert.ThrowsAsync<HttpRequestException>(() => app.InvokeAsync());

        Assert.True(result.Disposed);
    }

    [Fact]
    public async Task Invoke_FailsBeforeTheFirstItem_IsAnErrorAsAnyOther()
    {
        await using var app = await TestApp.StartAsync();
        app.Router.Answer(new FakeResult(InvocationOutcome.FunctionFailed, exceptionType: "System.ArithmeticException"));

        using var response = await app.InvokeAsync();

        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    private static FakeResult Items(ItemEncoding format, params string[] parts) => Items(format, breaksOff: false, parts);

    private static FakeResult Items(ItemEncoding format, bool breaksOff, params string[] parts) =>
        new([.. parts.Select(Encoding.UTF8.GetBytes)], breaksOff, format);
}

using CloudFunction.AspNetCore.Endpoints.Streaming;
using CloudFunction.Protocol.Messages;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Streaming;

public sealed class AcceptedItemsTests
{
    [Theory]
    [InlineData(null, "Events")]
    [InlineData("*/*", "Events")]
    [InlineData("text/event-stream", "Events")]
    [InlineData("application/x-ndjson", "Lines")]
    [InlineData("Application/NDJSON", "Lines")]
    [InlineData("application/jsonl", "Lines")]
    [InlineData("application/json", "Array")]
    [InlineData("", "Events")]
    [InlineData("Application/JSON", "Array")]
    [InlineData("application/json, text/plain, */*", "Array")]
    [InlineData("text/plain, */*, application/json", "Events")]
    [InlineData("application/json, text/event-stream", "Array")]
    [InlineData("application/json;q=0.5, text/event-stream", "Events")]
    [InlineData("application/json, application/x-ndjson;q=0.9, */*;q=0.1", "Array")]
    [InlineData("application/x-ndjson;q=0, */*", "Events")]
    [InlineData("text/html, application/xhtml+xml, */*;q=0.8", "Events")]
    [InlineData("text/html", "Events")]
    [InlineData("nonsense;;;", "Events")]
    [InlineData("nonsense;;;, application/x-ndjson", "Lines")]
    [InlineData("text/plain;a=\", application/json\";q=0.9, application/x-ndjson;q=0.5", "Lines")]
    [InlineData(",,application/x-ndjson,", "Lines")]
    public void Of_TheHeaderAccept_IsWhatTheCallerLikesBest(string? accept, string expected)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Accept = accept;

        Assert.Equal(Enum.Parse<ItemEncoding>(expected), AcceptedItems.Of(context.Request));
    }
}

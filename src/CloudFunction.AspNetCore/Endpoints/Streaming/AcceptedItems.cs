using System.Buffers;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.Protocol.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudFunction.AspNetCore.Endpoints.Streaming;

/// <summary>How a caller wants the items of a streaming function, by the header <c>Accept</c>: the one with the greatest quality, the first
/// of several. Without the header, and where anything goes, that is server-sent events.</summary>
internal static class AcceptedItems
{
    public const string EventsType = "text/event-stream";
    public const string LinesType = "application/x-ndjson";

    private const string Anything = "*/*";
    private const string Json = "application/json";

    // A quality, or one of the formats of items.
    private static readonly SearchValues<string> Decisive = SearchValues.Create(
        [";", "event-stream", "ndjson", "jsonl"], StringComparison.OrdinalIgnoreCase);

    // Names that other servers and clients use for the same.
    private static readonly string[] LineTypes = [LinesType, "application/ndjson", "application/jsonl", "application/x-jsonlines"];

    /// <summary>What the request asks for.</summary>
    public static ItemEncoding Of(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || accept is [null or "" or Anything])
        {
            return ItemEncoding.Events;
        }

        // What most clients of most functions send, without taking it apart.
        if (accept is [{ } one] && one.AsSpan().IndexOfAny(Decisive) < 0)
        {
            var (json, anything) = (one.IndexOf(Json, StringComparison.OrdinalIgnoreCase), one.IndexOf(Anything, StringComparison.Ordinal));
            return json >= 0 && (anything < 0 || json < anything) ? ItemEncoding.Array : ItemEncoding.Events;
        }

        // Item by item: the framework's reader of the whole list tries what is no item again from each of its characters on. Nobody is
        // refused for such an item, in a header that only one kind of function reads.
        var (best, quality) = (ItemEncoding.Events, 0.0);
        foreach (var line in accept)
        {
            for (var rest = line.AsSpan(); !rest.IsEmpty;)
            {
                var end = HeaderItems.EndOfFirst(rest);
                if (MediaTypeHeaderValue.TryParse(rest[..end].ToString(), out var type) && Of(type) is { } format && (type.Quality ?? 1) > quality)
                {
                    (best, quality) = (format, type.Quality ?? 1);
                }

                rest = end < rest.Length ? rest[(end + 1)..] : default;
            }
        }

        return best;
    }

    private static ItemEncoding? Of(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(EventsType, StringComparison.OrdinalIgnoreCase) || type.MatchesAllTypes ? ItemEncoding.Events
        : LineTypes.Any(name => type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase)) ? ItemEncoding.Lines
        : type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) ? ItemEncoding.Array
        : null;
}

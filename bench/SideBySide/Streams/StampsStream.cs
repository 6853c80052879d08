using System.Text;
using System.Text.Json;
using StreamFunctions;

namespace SideBySide.Streams;

/// <summary>A client of one stream of server-sent events, which blocks: what it measures is the stream and not its own scheduling.</summary>
internal sealed class StampsStream : IDisposable
{
    private const string Data = "data: {\"number\":";

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private StampsStream(HttpResponseMessage response)
    {
        _response = response;
        _lines = new StreamReader(response.Content.ReadAsStream());
    }

    public static StampsStream Open(HttpClient client, Uri uri, StampsRequest wanted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Content = new StringContent(JsonSerializer.Serialize(wanted, JsonSerializerOptions.Web), Encoding.UTF8, "application/json"),
        };
        var response = client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        return response.IsSuccessStatusCode
            ? new StampsStream(response)
            : throw new MeasurementException($"{uri} answered {(int)response.StatusCode}.");
    }

    /// <summary>The next item; null at the end.</summary>
    public Stamped? Read()
    {
        while (_lines.ReadLine() is { } line)
        {
            if (line.StartsWith(Data, StringComparison.Ordinal))
            {
                return JsonSerializer.Deserialize<Stamped>(line.AsSpan("data: ".Length), JsonSerializerOptions.Web);
            }
        }

        return null;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }
}

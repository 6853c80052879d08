using System.Net.Http.Headers;

namespace CloudFunction.Llm.Wire;

/// <summary>Stands between the wire and the SDK, which takes exactly what OpenAI sends: mends the answers of other providers, and finds the
/// errors in those whose status is a success.</summary>
internal sealed class WireHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Whether a request asks for a stream.</summary>
    public static readonly HttpRequestOptionsKey<bool> Streams = new("CloudFunction.Llm.Streams");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            return response;
        }

        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            if (request.Options.TryGetValue(Streams, out var streams) && streams)
            {
                var events = new ChatEventStream(body);
                await events.BeginAsync(cancellationToken).ConfigureAwait(false);
                response.Content = ContentOf(new StreamContent(events), "text/event-stream");
            }
            else
            {
                var answer = await WholeAnswer.ReadAsync(body, cancellationToken).ConfigureAwait(false);
                response.Content = ContentOf(new ReadOnlyMemoryContent(answer), "application/json");
                await body.DisposeAsync().ConfigureAwait(false);
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static HttpContent ContentOf(HttpContent content, string type)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }
}

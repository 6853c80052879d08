using System.Net;
using System.Net.Http.Headers;

namespace CloudFunction.Llm.Wire;

/// <summary>Stands between the wire and the SDK, which takes exactly what OpenAI sends: mends the answers of other providers, finds the errors in
/// those whose status is a success, and bounds how long a provider may be silent. What it passes on is a completion.</summary>
/// <param name="silence">How long one try may take until its answer begins, and an answer may pause.</param>
/// <param name="time">Its clock.</param>
/// <param name="inner">Sends the request.</param>
internal sealed class WireHandler(TimeSpan silence, TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Whether a request asks for a stream.</summary>
    public static readonly HttpRequestOptionsKey<bool> Streams = new("CloudFunction.Llm.Streams");

    /// <exception cref="AnswerException">There is no answer.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var deadline = new AnswerDeadline(silence, time);
        HttpResponseMessage? response = null;
        var isPassedOn = false;
        try
        {
            response = await deadline.RunAsync(async token => await base.SendAsync(request, token).ConfigureAwait(false), cancellationToken)
                .ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                var refused = await deadline.RunAsync(token => RefusedAnswer.ReadAsync(response, time, token), cancellationToken)
                    .ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                throw refused;
            }

            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            if (request.Options.TryGetValue(Streams, out var streams) && streams)
            {
                var events = new ChatEventStream(body, new AnswerReader(body), deadline);
                await events.BeginAsync(cancellationToken).ConfigureAwait(false);
                response.Content = ContentOf(new StreamContent(events), "text/event-stream");
                isPassedOn = true;
            }
            else
            {
                var answer = await WholeAnswer.ReadAsync(body, deadline, cancellationToken).ConfigureAwait(false);
                response.Content = ContentOf(new ReadOnlyMemoryContent(answer), "application/json");
                await body.DisposeAsync().ConfigureAwait(false);
            }

            response.StatusCode = HttpStatusCode.OK; // The SDK takes no other one.
            return response;
        }
        catch
        {
            response?.Dispose();
            throw;
        }
        finally
        {
            if (!isPassedOn)
            {
                deadline.Dispose();
            }
        }
    }

    private static HttpContent ContentOf(HttpContent content, string type)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }
}

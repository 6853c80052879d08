namespace NewerExtensions;

/// <summary>Answers without a network.</summary>
internal sealed class Pong : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage { Content = new StringContent($"pong from {request.RequestUri}") });
}

using Polly;

namespace CloudFunction.Llm.Clients;

/// <summary>Bounds the time of each try until its answer begins.</summary>
internal sealed class AttemptTimeoutHandler : DelegatingHandler
{
    private readonly ResiliencePipeline _limit;

    /// <param name="timeout">How long.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="inner">Sends the request.</param>
    public AttemptTimeoutHandler(TimeSpan timeout, TimeProvider time, HttpMessageHandler inner)
        : base(inner) => _limit = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(timeout).Build();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        await _limit.ExecuteAsync(
            static async (state, token) => await state.Self.SendOnceAsync(state.Request, token).ConfigureAwait(false),
            (Self: this, Request: request),
            cancellationToken).ConfigureAwait(false);

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);
}

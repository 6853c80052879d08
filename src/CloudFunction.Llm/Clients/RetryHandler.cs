using System.Net;
using CloudFunction.Llm.Wire;
using Polly;
using Polly.Retry;

namespace CloudFunction.Llm.Clients;

/// <summary>Tries a request again until its answer begins. What comes after its first output is never tried again, so no part of a
/// stream comes twice.</summary>
internal sealed class RetryHandler : DelegatingHandler
{
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly string? _groupId;

    /// <param name="options">How often and how long to wait.</param>
    /// <param name="groupId">What is appended to the query, or <see langword="null"/>.</param>
    /// <param name="time">The clock of all waits.</param>
    /// <param name="onRetry">Notified of each retry: the number of the try that failed, the wait, the status, the reason.</param>
    /// <param name="inner">Sends the request.</param>
    public RetryHandler(
        LlmOptions options, string? groupId, TimeProvider time, Action<int, TimeSpan, HttpStatusCode?, string> onRetry, HttpMessageHandler inner)
        : base(inner)
    {
        _groupId = groupId;
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (options.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.MaxRetries,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is HttpRequestException
                    || (arguments.Outcome.Exception is AnswerException { IsTransient: true } answer && !(answer.RetryAfter > options.MaxRetryDelay))),
                DelayGenerator = static arguments => ValueTask.FromResult((arguments.Outcome.Exception as AnswerException)?.RetryAfter),
                OnRetry = arguments =>
                {
                    var status = (arguments.Outcome.Exception as AnswerException)?.Status;
                    var reason = arguments.Outcome.Exception!.Message;
                    onRetry(
                        arguments.AttemptNumber + 1, arguments.RetryDelay, status,
                        status is null ? reason : FormattableString.Invariant($"status {(int)status}: {reason}"));
                    return default;
                },
            });
        }

        _pipeline = builder.Build();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_groupId is not null)
        {
            var url = new UriBuilder(request.RequestUri!);
            url.Query = $"{(url.Query.Length > 1 ? url.Query + "&" : "")}GroupId={Uri.EscapeDataString(_groupId)}";
            request.RequestUri = url.Uri;
        }

        return await _pipeline.ExecuteAsync(
            static async (state, token) => await state.Self.SendOnceAsync(state.Request, token).ConfigureAwait(false),
            (Self: this, Request: request),
            cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);
}

using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Polly;
using Polly.Timeout;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>
/// Sends callbacks over HTTP, with the headers of the Standard Webhooks specification. Follows no redirect, keeps no cookie, shows no credential,
/// and uses no proxy: behind one, the addresses could not be checked. Thread safe.
/// </summary>
internal sealed class CallbackSender : ICallbackSender, IDisposable
{
    /// <summary>The callback's id; the same for every try, so that a receiver knows it again.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>When the try was made, in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>Signature of both and the body; not there where there is no key.</summary>
    public const string SignatureHeader = "webhook-signature";

    // Nothing in a body counts; reading a small one to its end spares the next callback a connection.
    private const int MaxDrainBytes = 64 << 10;

    // In KB. Answers have a few hundred bytes of headers.
    private const int MaxHeaders = 16;

    // Beyond it none is kept for the next callback: each takes a file descriptor, and receivers may be as many as there are callbacks.
    private const int MaxKept = CallbackQueue.MaxRunning;

    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1);

    // Callbacks of one receiver come in bursts; later, its name may have moved.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly CallbackConnector _connector;
    private readonly HttpMessageInvoker _client;
    private readonly ResiliencePipeline _pipeline;
    private readonly CallbackSignature? _signature;

    public CallbackSender(CallbackSettings settings, TimeProvider time)
    {
        _time = time;
        _signature = settings.Key is { } key ? new CallbackSignature(key) : null;
        _connector = new CallbackConnector(settings.Resolve, settings.AllowPrivate);
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = _connector.ConnectAsync,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null, // Traces are for our own services.
            ConnectTimeout = settings.Timeout, // A connection is not bound to its request; without this it could outlive it for ever.
            MaxResponseHeadersLength = MaxHeaders,
            MaxResponseDrainSize = MaxDrainBytes,
            ResponseDrainTimeout = DrainTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            PooledConnectionIdleTimeout = ConnectionLifetime,
        });
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = settings.Timeout })
            .Build();
    }

    /// <summary>How many connections to receivers are open.</summary>
    public int Connections => _connector.Open;

    /// <inheritdoc/>
    public async Task<CallbackOutcome> SendAsync(Callback callback, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(token => TryAsync(callback, body, token), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            return new(CallbackVerdict.Retry, "the receiver did not answer in time");
        }
        catch (HttpRequestException exception) when (exception.InnerException is CallbackRefusedException refused)
        {
            return new(CallbackVerdict.Rejected, refused.Message);
        }
        catch (HttpRequestException exception)
        {
            return new(CallbackVerdict.Retry, Describe(exception));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(CallbackVerdict.Retry, "the receiver could not be connected to in time"); // ConnectTimeout, a moment ahead of the other.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static string Describe(HttpRequestException exception) => exception switch
    {
        { HttpRequestError: HttpRequestError.NameResolutionError } => "the receiver's name is not known",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } =>
            "the receiver's name is not known",
        { InnerException: AuthenticationException } => "the receiver's certificate is not valid",
        { HttpRequestError: HttpRequestError.ConnectionError } => "the receiver could not be connected to",
        { HttpRequestError: HttpRequestError.ResponseEnded } => "the receiver closed the connection without an answer",
        _ => $"the receiver could not be notified ({exception.HttpRequestError})",
    };

    private async ValueTask<CallbackOutcome> TryAsync(Callback callback, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, callback.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("User-Agent", "CloudFunction");
        request.Headers.ConnectionClose = _connector.Open >= MaxKept;
        request.Headers.Add(IdHeader, callback.Id);
        request.Headers.Add(TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        if (_signature is not null)
        {
            request.Headers.Add(SignatureHeader, _signature.Sign(callback.Id, timestamp, body.Span));
        }

        // Returns once the head has come; the body is drained within its bounds, or the connection closed, while nobody waits.
        using var response = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return CallbackResponses.Read(response, _time.GetUtcNow());
    }
}

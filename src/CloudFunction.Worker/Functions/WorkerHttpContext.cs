using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CloudFunction.Protocol.Http;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Worker.Functions;

/// <summary>The HTTP request and response of one invocation.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The response's stream holds nothing but memory, and user code may keep it.")]
internal sealed class WorkerHttpContext : FunctionHttpContext
{
    private readonly HttpRequestHead _head;
    private readonly IHttpOutput _output;
    private readonly ResponseStream _response;
    private readonly Dictionary<string, IReadOnlyList<string>> _responseHeaders = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, IReadOnlyList<string>>? _requestHeaders;
    private Dictionary<string, IReadOnlyList<string>>? _trailers;
    private int _status = 200;
    private long? _announcedLength;
    private bool _hasStarted;

    public WorkerHttpContext(HttpRequestHead head, Stream body, IHttpOutput output)
    {
        _head = head;
        _output = output;
        RequestBody = body;
        _response = new ResponseStream(output, Begin);
    }

    public override string Method => _head.Method;

    public override string Path => _head.Path;

    public override string QueryString => _head.QueryString;

    public override IReadOnlyDictionary<string, IReadOnlyList<string>> RequestHeaders => _requestHeaders ??= _head.Headers
        .GroupBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(
            group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(header => header.Value)], StringComparer.OrdinalIgnoreCase);

    public override Stream RequestBody { get; }

    public override int StatusCode
    {
        get => _status;
        set
        {
            if (_hasStarted)
            {
                throw new InvalidOperationException($"The response has started with the status {_status}: set it before the first write.");
            }

            // 101 would change the protocol, and the others of 1xx are the server's.
            _status = value is >= 200 and <= 599 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A status is 200 to 599.");
        }
    }

    public override IDictionary<string, IReadOnlyList<string>> ResponseHeaders => _responseHeaders;

    public override IDictionary<string, IReadOnlyList<string>> ResponseTrailers => _trailers ??= new(StringComparer.OrdinalIgnoreCase);

    public override Stream ResponseBody => _response;

    /// <summary>Sends what has not been sent, be it all of the response.</summary>
    /// <exception cref="InvalidOperationException">A header or a trailer is not valid, or the body is not as long as announced.</exception>
    /// <exception cref="Exception">As <see cref="IHttpOutput"/> says.</exception>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (!_hasStarted && CanHaveBody)
        {
            // The whole is known: no client needs another mark of its end.
            _responseHeaders.TryAdd(ResponseFields.ContentLength, [_response.PendingBytes.ToString(CultureInfo.InvariantCulture)]);
        }

        var trailers = HeaderFields.Flatten(_trailers ?? []);
        ThrowIf(ResponseFields.FindTrailerFault(trailers));
        await _response.EndAsync(cancellationToken).ConfigureAwait(false);
        if (trailers.Count > 0)
        {
            _output.SendTrailers(trailers);
        }
    }

    private bool CanHaveBody => Method != "HEAD" && _status is not (204 or 205 or 304);

    private void Begin(long length, bool isWhole)
    {
        if (_hasStarted)
        {
            CheckLength(_announcedLength, length, isWhole);
            return;
        }

        var headers = HeaderFields.Flatten(_responseHeaders);
        ThrowIf(ResponseFields.FindFault(_status, headers));
        var announced = CanHaveBody ? ResponseFields.LengthOf(headers) : null;
        CheckLength(announced, length, isWhole);
        _output.Start(_status, headers);
        _announcedLength = announced;
        _hasStarted = true;
    }

    private static void CheckLength(long? announced, long length, bool isWhole)
    {
        if (isWhole ? length != (announced ?? length) : length > announced)
        {
            throw new InvalidOperationException($"The response header 'Content-Length' is {announced}, and the body has {length} bytes.");
        }
    }

    private static void ThrowIf(string? fault)
    {
        if (fault is not null)
        {
            throw new InvalidOperationException(fault);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Testing.Hosting;
using CloudFunction.Testing.Http;
using CloudFunction.Testing.Time;

namespace CloudFunction.Testing;

/// <summary>
/// A function project under test: loaded as a host loads it, with its startup, middleware, options and hosted services, and called as a
/// host calls it, through the same connection and the same limits. It runs in the test's own process or in a real worker, as
/// <see cref="FunctionTestOptions.Isolation"/> says. Thread safe; hosts of different tests may run beside each other.
/// </summary>
public sealed class FunctionTestHost : IAsyncDisposable
{
    private readonly FunctionTestOptions _options;
    private readonly TestProject _project;
    private readonly TestLog _log;
    private readonly TestClock? _clock;

    private FunctionTestHost(FunctionTestOptions options, TestProject project, TestLog log, TestClock? clock)
    {
        _options = options;
        _project = project;
        _log = log;
        _clock = clock;
    }

    /// <summary>The names of the functions, sorted.</summary>
    public IReadOnlyList<string> Functions => _project.Functions;

    /// <summary>The log records so far, the oldest first: those of the project's loggers and, from a real worker, what it writes to the
    /// console. All that a function has logged before it ended is there once its call has returned.</summary>
    public IReadOnlyList<FunctionLogRecord> Logs => _log.Records;

    /// <summary>The project's durable folder: <see cref="FunctionContext.DataDirectory"/>.</summary>
    public string DataDirectory => _project.DataDirectory;

    /// <summary>What the project's <see cref="TimeProvider"/> says, where <see cref="FunctionTestOptions.UseFakeTime"/> was called;
    /// else the present.</summary>
    public DateTimeOffset UtcNow => _clock?.UtcNow ?? TimeProvider.System.GetUtcNow();

    /// <summary>Starts the project whose assembly holds <typeparamref name="TFunction"/>.</summary>
    /// <typeparam name="TFunction">Any of its types.</typeparam>
    /// <param name="configure">Changes the options.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The host, once its functions can be called; to be disposed by the caller.</returns>
    /// <exception cref="Runtime.CloudFunctionException">The project does not load; the message says why, as a host would.</exception>
    /// <exception cref="InvalidOperationException">The options contradict each other, or the worker is not beside the test.</exception>
    public static async Task<FunctionTestHost> StartAsync<TFunction>(
        Action<FunctionTestOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = new FunctionTestOptions();
        configure?.Invoke(options);
        options.Validate();
        var log = new TestLog();
        var clock = options.FakeTimeStart is { } start ? TestClock.Start(start) : null;
        try
        {
            var project = await TestProject.StartAsync(typeof(TFunction).Assembly, options, log, clock, cancellationToken).ConfigureAwait(false);
            return new FunctionTestHost(options, project, log, clock);
        }
        catch
        {
            clock?.Dispose();
            throw;
        }
    }

    /// <summary>Calls a function and reads its result.</summary>
    /// <typeparam name="TResponse">What the result is read as, by <see cref="FunctionTestOptions.Json"/>. Of a streaming function
    /// it is an array.</typeparam>
    /// <param name="function">The function's name, such as <c>greet</c>.</param>
    /// <param name="request">The payload, written by <see cref="FunctionTestOptions.Json"/>; null is JSON's <c>null</c>.</param>
    /// <param name="cancellationToken">Takes the call back: the function's token fires.</param>
    /// <exception cref="FunctionInvocationException">The call did not succeed.</exception>
    /// <exception cref="JsonException">The result is no such JSON.</exception>
    public async Task<TResponse> InvokeAsync<TResponse>(string function, object? request = null, CancellationToken cancellationToken = default)
    {
        var result = await InvokeAsync(function, Serialize(request), cancellationToken).ConfigureAwait(false);
        return JsonSerializer.Deserialize<TResponse>(result, _options.Json)!;
    }

    /// <summary>Calls a function with a payload as it stands, which need not be JSON.</summary>
    /// <param name="function">The function's name.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="cancellationToken">Takes the call back.</param>
    /// <returns>The result as it would leave the host.</returns>
    /// <exception cref="FunctionInvocationException">The call did not succeed.</exception>
    public async Task<string> InvokeJsonAsync(string function, string payload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(payload);
        return Encoding.UTF8.GetString(await InvokeAsync(function, Encoding.UTF8.GetBytes(payload), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Calls a streaming function and reads its items as they come. Who stops reading holds the function back; who leaves
    /// the loop ends it.</summary>
    /// <typeparam name="TItem">What each item is read as.</typeparam>
    /// <param name="function">The function's name.</param>
    /// <param name="request">The payload.</param>
    /// <param name="cancellationToken">Takes the call back.</param>
    /// <exception cref="FunctionInvocationException">The call did not succeed; also behind items that did come.</exception>
    public async IAsyncEnumerable<TItem> StreamAsync<TItem>(
        string function, object? request = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var result = await _project.SendAsync(function, Serialize(request), ItemEncoding.Lines, cancellationToken).ConfigureAwait(false);
        using var left = cancellationToken.UnsafeRegister(static state => ((InvocationResult)state!).Cancel(), result);
        var line = new List<byte>();
        while (true)
        {
            foreach (var item in Lines.Take(line, result.Payload.Span))
            {
                yield return JsonSerializer.Deserialize<TItem>(item, _options.Json)!;
            }

            if (result.IsComplete)
            {
                yield break;
            }

            await ReadOnAsync(result, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Calls an HTTP function.</summary>
    /// <param name="function">The function's name.</param>
    /// <param name="request">The request; its address is the path below the function's route with the query, such as
    /// <c>/orders/7?full=true</c>. Its body is sent while the response is read.</param>
    /// <param name="cancellationToken">Takes the call back, as long as there is no response.</param>
    /// <returns>The response, as soon as it has begun; disposing it ends the call.</returns>
    /// <exception cref="FunctionInvocationException">The function failed before its response began. One that fails later breaks the reading
    /// of the body with the same exception.</exception>
    public Task<HttpResponseMessage> SendAsync(string function, HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return HttpExchange.SendAsync(_project, function, request, cancellationToken);
    }

    /// <summary>Moves the project's time on, and has the timers and delays that are due meanwhile run.</summary>
    /// <param name="by">By how much; not negative.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Ends when the project has it.</returns>
    /// <exception cref="InvalidOperationException">There is no fake time: see <see cref="FunctionTestOptions.UseFakeTime"/>.</exception>
    public Task AdvanceTimeAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        return (_clock ?? throw new InvalidOperationException(
            "The project runs on real time: call options.UseFakeTime() at the start.")).AdvanceAsync(by, cancellationToken);
    }

    /// <summary>Waits for a log record, be it there already or still to come.</summary>
    /// <param name="match">Whether it is the one.</param>
    /// <param name="timeout">How long to wait; 30 seconds by default.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">None came; the message holds those that did.</exception>
    public Task<FunctionLogRecord> WaitForLogAsync(
        Func<FunctionLogRecord, bool> match, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(match);
        return _log.WaitAsync(match, timeout ?? TimeSpan.FromSeconds(30), cancellationToken);
    }

    /// <summary>Stops the project: calls that run are cancelled, hosted services stopped. Its folders are removed, but for a data directory
    /// that the options named.</summary>
    public async ValueTask DisposeAsync()
    {
        await _project.DisposeAsync().ConfigureAwait(false);
        _clock?.Dispose();
    }

    internal static async ValueTask ReadOnAsync(InvocationResult result, CancellationToken cancellationToken)
    {
        try
        {
            await result.ReadAsync().ConfigureAwait(false);
        }
        catch (InvocationBrokenException broken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw FunctionInvocationException.Of(broken);
        }
    }

    private byte[] Serialize(object? request) => JsonSerializer.SerializeToUtf8Bytes(request, request?.GetType() ?? typeof(object), _options.Json);

    private async Task<byte[]> InvokeAsync(string function, byte[] payload, CancellationToken cancellationToken)
    {
        using var result = await _project.SendAsync(function, payload, ItemEncoding.Array, cancellationToken).ConfigureAwait(false);
        using var left = cancellationToken.UnsafeRegister(static state => ((InvocationResult)state!).Cancel(), result);
        if (result.IsComplete)
        {
            return result.Payload.ToArray();
        }

        var whole = new MemoryStream();
        try
        {
            await result.ReadToEndAsync(part =>
            {
                whole.Write(part.Span);
                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
        }
        catch (InvocationBrokenException broken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw FunctionInvocationException.Of(broken);
        }

        return whole.ToArray();
    }
}

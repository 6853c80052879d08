using System.Collections.Concurrent;
using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Records;
using CloudFunction.Runtime.Logging.Routing;
using CloudFunction.Runtime.Logging.Writing;
using Serilog.Core;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging;

/// <summary>
/// Takes all records of the host and its projects to their files and the console, by the present configuration. Who logs neither waits nor
/// formats: one thread writes the files, another the console. Thread safe.
/// </summary>
internal sealed class LogPipeline : ILogEventSink, IDisposable, IAsyncDisposable
{
    // Some seconds of the busiest host's records, or a disk's longest hiccup, and a bound to what they take of its memory.
    private const int MaxHostRecords = 64 * 1024;
    private const long MaxHostBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(2); // A process that is asked to exit should.

    private readonly PipelineScope _scope;
    private readonly TimeProvider _time;
    private readonly HostWindow _host = new(MaxHostRecords, MaxHostBytes);
    private readonly ConcurrentQueue<LoggerRoute> _lossy = new();
    private readonly BatchThread<LogEntry> _files;
    private readonly BatchThread<LogEntry> _console;
    private readonly ConsoleBatch _consoleBatch;
    private volatile LoggerTree _tree;
    private long _dropped;

    /// <param name="configuration">The first configuration.</param>
    /// <param name="scope">What the pipeline takes.</param>
    /// <param name="console">Where to write what goes to the console, and what cannot be written to a file.</param>
    /// <param name="time">Dates the notices of lost records, and times the batches.</param>
    /// <param name="maxFiles">How many files are kept open.</param>
    public LogPipeline(LoggingConfiguration configuration, PipelineScope scope, ConsoleWriters console, TimeProvider time, int maxFiles = 256)
    {
        _scope = scope;
        _time = time;
        _tree = new LoggerTree(configuration, scope);
        LowestProjectLevel = _tree.FindLowestProjectLevel();
        _consoleBatch = new ConsoleBatch(console, time);
        _files = new BatchThread<LogEntry>("CloudFunction log files", new FileBatch(time, new ErrorWriter(console).Write, ReportLosses, maxFiles));
        _console = new BatchThread<LogEntry>("CloudFunction log console", _consoleBatch);
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>The lowest level that anybody wants of projects.</summary>
    public LogEventLevel LowestProjectLevel { get; private set; }

    /// <summary>How many records of the host's were dropped so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The loggers in force now.</summary>
    public LoggerTree Tree => _tree;

    /// <summary><see cref="LowestProjectLevel"/> is another now.</summary>
    public event Action? LowestProjectLevelChanged;

    /// <summary>Goes by another configuration from now on. One call at a time.</summary>
    public void Apply(LoggingConfiguration configuration)
    {
        var tree = new LoggerTree(configuration, _scope);
        var lowest = tree.FindLowestProjectLevel();
        _tree = tree;
        if (lowest != LowestProjectLevel)
        {
            LowestProjectLevel = lowest;
            LowestProjectLevelChanged?.Invoke();
        }
    }

    /// <summary>Takes a record of the host's own. Dropped and counted where the host's room is used up.</summary>
    public void Emit(LogEvent logEvent)
    {
        var name = logEvent.Properties.TryGetValue(PropertyNames.SourceContext, out var value) && value is ScalarValue { Value: string source }
            ? source
            : "";
        Emit(_tree.RouteOf(name), logEvent);
    }

    /// <summary>The same, where the way is known.</summary>
    public void Emit(LoggerRoute route, LogEvent logEvent)
    {
        if (!route.IsEnabled(logEvent.Level))
        {
            return;
        }

        var entry = new EventEntry(route, logEvent, _host, EventEntry.Measure(logEvent));
        if (TryAdmit(entry))
        {
            Post(entry);
        }
    }

    /// <summary>The same for the end of an invocation, of which nothing is put together here.</summary>
    public void Emit(LoggerRoute route, LogEventLevel level, in EndedInvocation call)
    {
        if (!route.IsEnabled(level))
        {
            return;
        }

        var entry = new InvocationEntry(route, level, _host, call);
        if (TryAdmit(entry))
        {
            Post(entry);
        }
    }

    /// <summary>Takes a record that has room of its own. It is never dropped for want of room.</summary>
    public void Emit(WorkerEntry entry)
    {
        if (entry.Route.IsEnabled(entry.Level))
        {
            Post(entry);
        }
        else
        {
            entry.Release();
        }
    }

    /// <summary>Ends once all that was taken before is written, or the time for it is up.</summary>
    public async Task FlushAsync()
    {
        try
        {
            await _files.FlushAsync().WaitAsync(FlushTimeout, _time).ConfigureAwait(false);
            await _console.FlushAsync().WaitAsync(FlushTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A disk or a console that hangs must not keep the host.
        }
    }

    /// <summary>Writes what was taken and closes the files, within a bound of time. What is taken later is dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        try
        {
            await Task.WhenAll(_files.Ended, _console.Ended).WaitAsync(FlushTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The threads are background threads: the process ends without them.
        }
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose()
    {
        Stop();
        _files.Join(FlushTimeout);
        _console.Join(FlushTimeout);
    }

    private void Stop()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        _files.Dispose();
        _console.Dispose();
    }

    // Somebody ends the process without disposing of anything: what was logged has the reason.
    private void OnProcessExit(object? sender, EventArgs e)
    {
        _files.Dispose();
        _console.Dispose();
        _files.Join(ExitTimeout);
        _console.Join(ExitTimeout);
    }

    private bool TryAdmit(LogEntry entry)
    {
        if (_host.TryTake(entry.Bytes))
        {
            return true;
        }

        Interlocked.Increment(ref _dropped);
        if (entry.Route.CountDropped())
        {
            _lossy.Enqueue(entry.Route);
        }

        return false;
    }

    private void Post(LogEntry entry)
    {
        if (!entry.Route.Consoles.IsEmpty && _consoleBatch.TryAdmit(entry))
        {
            _console.Post(entry);
        }

        if (entry.Route.Files.IsEmpty || !_files.Post(entry))
        {
            entry.Release();
        }
    }

    // On the files' thread, when there is room again.
    private void ReportLosses()
    {
        while (_lossy.TryDequeue(out var route))
        {
            var notice = LossNotice.Make(route, route.TakeDropped(), "they came faster than they could be written", _time.GetUtcNow());
            Post(new EventEntry(route, notice, NoWindow.Instance, 0));
        }
    }
}

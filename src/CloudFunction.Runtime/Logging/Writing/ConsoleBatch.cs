using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Records;
using CloudFunction.Runtime.Logging.Routing;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Writing;

/// <summary>Writes records to the console. Who reads it may be slow or gone: then records are dropped, here alone, and the files go on.</summary>
internal sealed class ConsoleBatch(ConsoleWriters console, TimeProvider time) : IBatchSink<LogEntry>
{
    // A console that is behind by more than a few thousand lines is read by nobody.
    private const int MaxRecords = 8 * 1024;
    private const long MaxBytes = 8 * 1024 * 1024;

    private readonly HostWindow _window = new(MaxRecords, MaxBytes);
    private readonly RecordText _output = new();
    private readonly RecordText _error = new();
    private LoggerRoute? _last;
    private long _dropped;

    /// <summary>Takes room for a record. Thread safe.</summary>
    /// <returns>False where there is none: it is counted, and reported later.</returns>
    public bool TryAdmit(LogEntry entry)
    {
        if (_window.TryTake(entry.Bytes))
        {
            return true;
        }

        Interlocked.Increment(ref _dropped);
        return false;
    }

    public void Take(LogEntry item)
    {
        _window.Release(item.Bytes);
        _last = item.Route;
        foreach (var handler in item.Route.Consoles)
        {
            if (item.Level >= handler.Level)
            {
                Format(item.Event, handler);
            }
        }
    }

    public void EndBatch()
    {
        if (_last is { } route && Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
        {
            var notice = LossNotice.Make(route, dropped, "the console could not take them in time", time.GetUtcNow());
            foreach (var handler in route.Consoles)
            {
                Format(notice, handler);
            }
        }

        WriteTo(console.Output, _output);
        WriteTo(console.Error, _error);
    }

    public void Rest()
    {
        // Nothing is held that could be given back.
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private static void WriteTo(TextWriter writer, RecordText text)
    {
        if (text.Written.IsEmpty)
        {
            return;
        }

        try
        {
            writer.Write(text.Written);
            writer.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Nobody reads it any more, and there is no other place to report it.
        }

        text.Clear();
    }

    private void Format(LogEvent logEvent, StreamHandlerConfiguration handler)
    {
        var text = handler.IsError ? _error : _output;
        try
        {
            handler.Formatter.Format(logEvent, text);
        }
        catch (Exception)
        {
            text.WriteLine(); // An exception's own text is a user's code. The files' writer reports it.
        }
    }
}

using System.Text;
using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Records;
using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Logging.Writing;

/// <summary>Writes records to their files, each file once for each batch, and gives their room back then.</summary>
internal sealed class FileBatch(TimeProvider time, Action<string> report, Action onWritten, int maxOpen) : IBatchSink<LogEntry>
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMinutes(1);

    private readonly OpenFiles _files = new(time, report, maxOpen);
    private readonly List<LogEntry> _taken = [];
    private readonly RecordText _text = new();
    private byte[] _bytes = new byte[4 * 1024];
    private int _length;
    private long? _reportedAt;
    private ITextFormatter? _formattedBy; // Files often share a formatter: a record is formatted once for them.

    public void Take(LogEntry item)
    {
        _taken.Add(item);
        _formattedBy = null;
        foreach (var handler in item.Route.Files)
        {
            if (item.Level >= handler.Level)
            {
                Write(item, handler);
            }
        }
    }

    public void EndBatch()
    {
        _files.Flush();
        foreach (var entry in _taken)
        {
            entry.Release();
        }

        _taken.Clear();
        onWritten();
    }

    public void Rest() => _files.CloseIdle();

    public void Dispose()
    {
        _files.CloseAll();
        _text.Dispose();
    }

    private void Write(LogEntry entry, FileHandlerConfiguration handler)
    {
        var file = _files.Get(handler);
        try
        {
            if (file.Dropped > 0 && file.IsWritable)
            {
                var lost = file.TakeDropped();
                Format(LossNotice.Make(entry.Route, lost, "the file could not be written", time.GetUtcNow()), handler.Formatter);
                file.Append(_bytes.AsSpan(0, _length), lost);
                _formattedBy = null;
            }

            if (!ReferenceEquals(_formattedBy, handler.Formatter))
            {
                Format(entry.Event, handler.Formatter);
                _formattedBy = handler.Formatter;
            }

            file.Append(_bytes.AsSpan(0, _length));
        }
        catch (Exception e)
        {
            // An exception's own words are somebody's code. One record must not end the log.
            if (_reportedAt is not { } at || time.GetElapsedTime(at) >= ReportInterval)
            {
                _reportedAt = time.GetTimestamp();
                report($"A log record of {entry.Route.Name} cannot be put into words: {e.Message}");
            }
        }
    }

    private void Format(LogEvent logEvent, ITextFormatter formatter)
    {
        _text.Clear();
        formatter.Format(logEvent, _text);
        var most = Encoding.UTF8.GetMaxByteCount(_text.Written.Length);
        if (_bytes.Length < most)
        {
            _bytes = new byte[Math.Max(most, _bytes.Length * 2)];
        }

        _length = Encoding.UTF8.GetBytes(_text.Written, _bytes);
    }
}

using System.Text;

namespace CloudFunction.Runtime.Workers.Processes;

/// <summary>Drains one of a worker's standard streams, whatever comes: lines are cut, their rate is capped, and the last of them are kept for
/// the report of a crash. The worker never blocks on its output.</summary>
internal sealed class WorkerOutput(Stream stream, Action<string> onLine, Action<long> onDropped, TimeProvider time)
{
    private const int MaxLineBytes = 8 * 1024;
    private const int MaxTailChars = 4 * 1024;
    private const int MaxLinesPerSecond = 1000;

    private readonly byte[] _line = new byte[MaxLineBytes];
    private readonly StringBuilder _tail = new();
    private int _lineLength;
    private bool _cut;
    private long _second;
    private int _linesThisSecond;
    private long _dropped;

    /// <summary>The last that came, at most 4,096 characters.</summary>
    public string Tail
    {
        get
        {
            lock (_tail)
            {
                return _tail.ToString();
            }
        }
    }

    /// <summary>Adds a line to the tail that came another way.</summary>
    public void Remember(string line)
    {
        lock (_tail)
        {
            _tail.Append(line).Append('\n');
            if (_tail.Length > MaxTailChars)
            {
                _tail.Remove(0, _tail.Length - MaxTailChars);
            }
        }
    }

    /// <summary>Drains until the stream ends. Never fails.</summary>
    public async Task RunAsync()
    {
        var buffer = new byte[4 * 1024];
        try
        {
            int read;
            while ((read = await ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                Take(buffer.AsSpan(0, read));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The pipe broke with the process, or was closed behind it: an end like any other.
        }

        if (_lineLength > 0)
        {
            EndLine();
        }

        ReportDropped();
    }

    private ValueTask<int> ReadAsync(byte[] buffer)
    {
        var read = stream.ReadAsync(buffer);
        return _dropped == 0 || read.IsCompleted ? read : ReportDroppedInSilenceAsync(read.AsTask());
    }

    // What was dropped is reported with the next line of another second. When none comes, the silence is the time to report it.
    private async ValueTask<int> ReportDroppedInSilenceAsync(Task<int> read)
    {
        var silence = Task.Delay(TimeSpan.FromSeconds(1), time);
        if (await Task.WhenAny(read, silence).ConfigureAwait(false) == silence)
        {
            ReportDropped();
        }

        return await read.ConfigureAwait(false);
    }

    private void ReportDropped()
    {
        if (_dropped > 0)
        {
            onDropped(_dropped);
            _dropped = 0;
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (b == (byte)'\n')
            {
                EndLine();
            }
            else if (_lineLength < MaxLineBytes)
            {
                _line[_lineLength++] = b;
            }
            else
            {
                _cut = true; // The rest of the line is dropped: an endless one must not take memory.
            }
        }
    }

    private void EndLine()
    {
        var text = Encoding.UTF8.GetString(_line, 0, _lineLength).TrimEnd('\r').Replace("\0", "\\0", StringComparison.Ordinal);
        if (_cut)
        {
            text += "…";
        }

        _lineLength = 0;
        _cut = false;
        Remember(text);
        var second = time.GetTimestamp() / time.TimestampFrequency;
        if (second != _second)
        {
            _second = second;
            _linesThisSecond = 0;
            ReportDropped();
        }

        if (++_linesThisSecond > MaxLinesPerSecond)
        {
            _dropped++;
        }
        else if (text.Length > 0)
        {
            onLine(text);
        }
    }
}

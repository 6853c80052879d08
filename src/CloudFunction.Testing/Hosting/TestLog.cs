using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Testing.Hosting;

/// <summary>Keeps what a project logs. Thread safe.</summary>
internal sealed class TestLog : IWorkerOutputSink
{
    private static readonly Dictionary<string, object?> NoProperties = [];

    private readonly Lock _lock = new();
    private readonly List<FunctionLogRecord> _records = [];
    private readonly List<(Func<FunctionLogRecord, bool> Match, TaskCompletionSource<FunctionLogRecord> Found)> _waiters = [];

    /// <summary>The records so far.</summary>
    public IReadOnlyList<FunctionLogRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records];
            }
        }
    }

    /// <inheritdoc/>
    public void Write(string project, LogMessage record, ILogWindow window, int bytes)
    {
        window.Release(bytes);
        Add(new FunctionLogRecord(
            new DateTimeOffset(record.UtcTicks, TimeSpan.Zero), (LogLevel)record.Level, record.Category, record.Message, record.Exception,
            record.Function,
            record.Properties.ToDictionary(property => property.Key, property => property.Value)));
    }

    /// <inheritdoc/>
    public void WriteLine(string? project, string workerId, string line, bool isError) =>
        Add(new FunctionLogRecord(
            TimeProvider.System.GetUtcNow(), isError ? LogLevel.Error : LogLevel.Information, "console", line, null, null, NoProperties));

    /// <inheritdoc/>
    public void WriteDropped(string? project, string workerId, long lines) =>
        WriteLine(project, workerId, $"Dropped {lines} lines: they came too fast", isError: true);

    /// <summary>Waits for a record.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<FunctionLogRecord> WaitAsync(Func<FunctionLogRecord, bool> match, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource<FunctionLogRecord>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_records.Find(record => match(record)) is { } present)
            {
                return present;
            }

            _waiters.Add((match, found));
        }

        try
        {
            return await found.Task.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No such log record came within {timeout.TotalSeconds:0.###} s. These "
                + $"did:\n{string.Join('\n', Records.Select(record => $"{record.Level} {record.Category}: {record.Message}"))}");
        }
        finally
        {
            lock (_lock)
            {
                _waiters.RemoveAll(waiter => waiter.Found == found);
            }
        }
    }

    private void Add(FunctionLogRecord record)
    {
        lock (_lock)
        {
            _records.Add(record);
            foreach (var (match, found) in _waiters)
            {
                try
                {
                    if (match(record))
                    {
                        found.TrySetResult(record);
                    }
                }
                catch (Exception e)
                {
                    found.TrySetException(e); // The test's own code; on the thread at hand nobody would see it.
                }
            }
        }
    }
}

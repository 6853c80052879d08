using System.Collections.Concurrent;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>Keeps what workers write.</summary>
internal sealed class RecordingSink : IWorkerOutputSink
{
    public ConcurrentQueue<string> Written { get; } = new();

    public void Write(string project, LogMessage record, ILogWindow window, int bytes)
    {
        Written.Enqueue($"{project}: {record.Message}");
        window.Release(bytes);
    }

    public void WriteLine(string? project, string workerId, string line, bool isError) => Written.Enqueue($"{project}: {line}");

    public void WriteDropped(string? project, string workerId, long lines) => Written.Enqueue($"{project}: {lines} dropped");
}

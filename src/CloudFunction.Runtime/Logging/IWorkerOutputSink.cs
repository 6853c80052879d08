using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Logging;

/// <summary>Takes the records and output of workers. Thread safe; it must not block.</summary>
internal interface IWorkerOutputSink
{
    /// <summary>A structured record of a project's code.</summary>
    /// <param name="project">The project whose code logged it.</param>
    /// <param name="record">As the worker sent it.</param>
    /// <param name="window">The room of the worker that the record takes.</param>
    /// <param name="bytes">How much of it: released exactly once, when the record was written or dropped.</param>
    void Write(string project, LogMessage record, ILogWindow window, int bytes);

    /// <summary>A raw line of a worker's standard output or error.</summary>
    void WriteLine(string? project, string workerId, string line, bool isError);

    /// <summary>So many raw lines came too fast and were dropped.</summary>
    void WriteDropped(string? project, string workerId, long lines);
}

using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Workers;

/// <summary>Takes what workers have to say. Thread safe; it must not block.</summary>
internal interface IWorkerOutputSink
{
    /// <summary>A structured record of a project's code.</summary>
    void Write(string project, LogMessage record);

    /// <summary>A raw line of a worker's standard output or error.</summary>
    void WriteLine(string? project, string workerId, string line, bool isError);

    /// <summary>So many raw lines came too fast and were dropped.</summary>
    void WriteDropped(string? project, string workerId, long lines);
}

using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

/// <summary>Events 7114 to 7117, and 7120.</summary>
internal sealed partial class RefusalLog
{
    [LoggerMessage(
        7114, LogLevel.Error, "A request was refused: the disk of {Folder} is full ({Others} others since the last such record): {Reason}")]
    private partial void LogStorageFull(string folder, long others, string reason);

    [LoggerMessage(
        7120, LogLevel.Error,
        "A request was refused: a file of {Folder} cannot be used ({Others} others since the last such record): {Reason}")]
    private partial void LogStorageFailed(string folder, long others, string reason);

    [LoggerMessage(7115, LogLevel.Warning, "A request was refused: the task store failed ({Others} others since the last such record): {Reason}")]
    private partial void LogStoreFailed(long others, string reason);

    [LoggerMessage(
        7117, LogLevel.Error, "A request was refused: this process can open no further file ({Others} others since the last such record): {Reason}")]
    private partial void LogNoDescriptors(long others, string reason);

    [LoggerMessage(
        7116, LogLevel.Warning,
        "A call of project {Project} was refused: callers without identity have stored as much as they may (ANONYMOUS_STORE_BYTES; {Others} others "
        + "since the last such record)")]
    private partial void LogNoAnonymousRoom(string project, long others);
}

using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Tasks.Storage;

internal sealed partial class SqliteTaskStore
{
    [LoggerMessage(5001, LogLevel.Information, "The task store {File} is open: {Waiting} tasks wait, of which {Cut} ran when the host ended")]
    private partial void LogOpened(string file, int waiting, int cut);

    [LoggerMessage(5002, LogLevel.Error, "A task is left out until the host starts again: this host does not know what is stored of it")]
    private partial void LogNotClaimed(TaskStoreException exception);

    [LoggerMessage(
        5003, LogLevel.Error,
        "The task store cannot be opened: the disk of {Directory} is full. Tasks, schedules and what must be stored are refused until there is room")]
    private partial void LogNoRoomToOpen(string directory);

    [LoggerMessage(
        5004, LogLevel.Error, "There is room, but the task store in {Directory} cannot be opened: start the host again once that is mended")]
    private partial void LogNotOpened(Exception exception, string directory);
}

using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>Events 2200 to 2299.</summary>
internal static partial class LoggingFileWatchLog
{
    [LoggerMessage(2201, LogLevel.Information, "{File} has changed and is in force")]
    public static partial void Reloaded(ILogger logger, string file);

    [LoggerMessage(2202, LogLevel.Error, "{File} has changed and is wrong: what was in force stays so")]
    public static partial void Refused(ILogger logger, string file);

    [LoggerMessage(2203, LogLevel.Error, "{Mistake}")]
    public static partial void Mistake(ILogger logger, string mistake);

    [LoggerMessage(2204, LogLevel.Error, "{File} cannot be read: {Reason}")]
    public static partial void Unreadable(ILogger logger, string file, string reason);

    [LoggerMessage(2205, LogLevel.Error, "{File} could not be put in force: what was in force stays so")]
    public static partial void Unexpected(ILogger logger, string file, Exception exception);
}

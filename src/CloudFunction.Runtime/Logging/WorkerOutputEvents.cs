using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Logging;

/// <summary>Events 2200 to 2299.</summary>
internal static partial class WorkerOutputEvents
{
    [LoggerMessage(2201, LogLevel.Information, "{Line}")]
    public static partial void OutputLine(ILogger logger, string line);

    [LoggerMessage(2202, LogLevel.Error, "{Line}")]
    public static partial void ErrorLine(ILogger logger, string line);

    [LoggerMessage(2203, LogLevel.Warning, "Dropped {Count} lines of the output of worker {WorkerId}: they came too fast")]
    public static partial void LinesDropped(ILogger logger, long count, string workerId);

    [LoggerMessage(2204, LogLevel.Warning, "Dropped {Count} log records: they came faster than the host could take them")]
    public static partial void RecordsDropped(ILogger logger, long count);
}

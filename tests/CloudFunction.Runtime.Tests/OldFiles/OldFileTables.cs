namespace CloudFunction.Runtime.Tests.OldFiles;

/// <summary>All of them, in the order of the documentation.</summary>
internal static class OldFileTables
{
    public static IReadOnlyList<OldFileTable> All { get; } =
    [
        EnvFileTables.AsItIs, EnvFileTables.Interpolated, LoggingFileTables.Formats, LoggingFileTables.Loggers, ScheduleFileTables.Fields,
        ScheduleFileTables.Arguments,
    ];
}

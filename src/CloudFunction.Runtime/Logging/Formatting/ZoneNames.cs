using System.Collections.Concurrent;
using System.Globalization;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>The short names of time zones, such as <c>CST</c>, which .NET does not have: they are read from the system's zone files
/// (RFC 9636). Thread safe.</summary>
internal static class ZoneNames
{
    private static readonly string[] Folders =
        [Environment.GetEnvironmentVariable("TZDIR") ?? "", "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"];

    private static readonly ConcurrentDictionary<string, ZoneFile?> Files = new(StringComparer.Ordinal);

    /// <summary>The name at a time. Where the system has none: <c>UTC</c>, or the offset, as zones without a name have it; on Windows
    /// its own.</summary>
    /// <param name="time">The time, with its offset from UTC.</param>
    /// <param name="zone">Whose time it is.</param>
    public static string Of(DateTimeOffset time, TimeZoneInfo zone) =>
        Files.GetOrAdd(zone.Id, static id => Read(id))?.FindName(time)
        ?? (zone.Id == TimeZoneInfo.Utc.Id ? "UTC"
            : OperatingSystem.IsWindows() ? zone.IsDaylightSavingTime(time) ? zone.DaylightName : zone.StandardName
            : time.ToString(time.Offset.Minutes == 0 ? "zz" : "zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal));

    private static ZoneFile? Read(string id)
    {
        // It is what TimeZoneInfo calls a local zone that it has found no name for.
        string[] paths = id == "Local"
            ? ["/etc/localtime"]
            : [.. Folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, id))];
        try
        {
            return Array.Find(paths, File.Exists) is { } path ? ZoneFile.Parse(File.ReadAllBytes(path)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

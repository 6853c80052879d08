using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>What the system's own program reads from the time zones' files: an oracle that shares nothing with .NET's reading.</summary>
internal static class ZoneDump
{
    /// <summary>Why tests that need it are skipped; null where it is there.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>The changes of every zone's offset from the begin of one year to the begin of another, in their order.</summary>
    public static async Task<Dictionary<string, List<ZoneChange>>> ReadAsync(IEnumerable<string> zones, int from, int until)
    {
        using var process = Process.Start(new ProcessStartInfo("zdump", ["-v", "-c", $"{from},{until}", .. zones])
        {
            RedirectStandardOutput = true,
            Environment = { ["LC_ALL"] = "C" },
        })!;
        var changes = new Dictionary<string, List<ZoneChange>>(StringComparer.Ordinal);
        TimeSpan? before = null;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // "Europe/Dublin  Sun Mar 29 01:00:00 2026 UT = Sun Mar 29 02:00:00 2026 IST isdst=0 gmtoff=3600", after the second before it.
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [var zone, _, var month, var day, var time, var year, "UT", "=", .., var last]
                && last.StartsWith("gmtoff=", StringComparison.Ordinal))
            {
                var offset = TimeSpan.FromSeconds(int.Parse(last.AsSpan("gmtoff=".Length), CultureInfo.InvariantCulture));
                if (before is { } earlier)
                {
                    var at = DateTime.ParseExact($"{year} {month} {day} {time}", "yyyy MMM d HH:mm:ss", CultureInfo.InvariantCulture);
                    changes.TryAdd(zone, []);
                    changes[zone].Add(new ZoneChange(at, earlier, offset));
                }

                before = before is null ? offset : null;
            }
        }

        await process.WaitForExitAsync();
        return changes;
    }

    private static string? FindMissing()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("zdump", ["UTC"]) { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return null;
        }
        catch (Win32Exception)
        {
            return "There is no zdump: install libc-bin (Debian) or tzdata with its tools.";
        }
    }
}

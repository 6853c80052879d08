using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace EdgeAttacks.Hosts;

/// <summary>What a process holds at one moment, from proc(5).</summary>
/// <param name="ResidentBytes">VmRSS.</param>
/// <param name="PeakBytes">VmHWM: the most that it was since it was reset.</param>
/// <param name="Descriptors">How many are open.</param>
/// <param name="ProcessorTime">What it has used until now.</param>
internal sealed record HostReading(long ResidentBytes, long PeakBytes, int Descriptors, TimeSpan ProcessorTime)
{
    /// <summary>Null where the process is gone.</summary>
    public static HostReading? TryRead(int processId)
    {
        try
        {
            var lines = File.ReadAllLines($"/proc/{processId}/status");
            var descriptors = Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd").Count();
            using var process = Process.GetProcessById(processId);
            return new HostReading(Bytes(lines, "VmRSS:"), Bytes(lines, "VmHWM:"), descriptors, process.TotalProcessorTime);
        }
        catch (Exception gone) when (
            gone is IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException or Win32Exception)
        {
            // It has ended, or is just ending: then its lines have no memory any more, and its descriptors are nobody's.
            return null;
        }
    }

    /// <summary>Lets the peak begin anew.</summary>
    public static void ResetPeak(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");

    private static long Bytes(string[] lines, string field)
    {
        var line = lines.First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(field.Length).Trim(" \tkB"), CultureInfo.InvariantCulture) * 1024;
    }
}

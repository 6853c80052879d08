using System.Diagnostics;
using System.Globalization;

namespace SideBySide.Memory;

internal static class ResidentMemory
{
    /// <summary>VmRSS of <c>/proc/pid/status</c> (proc(5)) on Linux, the working set elsewhere: pages in memory, shared ones included.</summary>
    public static long Bytes(int processId)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                const string Field = "VmRSS:";
                var line = File.ReadLines($"/proc/{processId}/status").First(text => text.StartsWith(Field, StringComparison.Ordinal));
                return long.Parse(line.AsSpan(Field.Length).Trim(" \tkB"), CultureInfo.InvariantCulture) * 1024;
            }

            using var process = Process.GetProcessById(processId);
            return process.WorkingSet64;
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or ArgumentException)
        {
            throw new MeasurementException($"The memory of process {processId} cannot be read: {gone.Message}", gone);
        }
    }
}

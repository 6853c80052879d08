using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CloudFunction.Runtime.Workers.Processes;

/// <summary>When a process was started, so that a number used again by another process is not taken for it.</summary>
internal static class ProcessIdentity
{
    /// <summary>A text that is the same for the same process and differs from any later one of that number; null where there is none.</summary>
    public static string? StartOf(int pid)
    {
        if (OperatingSystem.IsLinux())
        {
            // proc(5): field 22 is the start in clock ticks since boot. The name in field 2 may hold blanks and brackets.
            try
            {
                var stat = File.ReadAllText($"/proc/{pid}/stat");
                return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
            {
                return null;
            }
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            return process.StartTime.ToUniversalTime().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}

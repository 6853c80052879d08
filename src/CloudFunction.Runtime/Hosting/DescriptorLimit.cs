using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace CloudFunction.Runtime.Hosting;

/// <summary>How many file descriptors this process may have open, and how many it has. Windows sets no such limit to handles.</summary>
internal static partial class DescriptorLimit
{
    // RLIMIT_NOFILE of sys/resource.h.
    private const int LinuxOpenFiles = 7;
    private const int BsdOpenFiles = 8;

    /// <summary>The limit in force; null where there is none. .NET has raised it to the hard limit before any code of ours ran.</summary>
    public static int? Read()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        // RLIM_INFINITY is a number that no int holds.
        return GetLimit(OperatingSystem.IsLinux() ? LinuxOpenFiles : BsdOpenFiles, out var limit) == 0 && limit.Current < int.MaxValue
            ? (int)limit.Current
            : null;
    }

    /// <summary>How many descriptors are open now; 0 where the system does not list them.</summary>
    public static int CountOpen()
    {
        foreach (var directory in OperatingSystem.IsWindows() ? [] : (string[])["/proc/self/fd", "/dev/fd"])
        {
            try
            {
                return Directory.EnumerateFileSystemEntries(directory).Count();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not on this system; the next one may be.
            }
        }

        return 0;
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limits limits);

    // rlim_t is as wide as a pointer wherever .NET runs.
    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public nuint Current;
        public nuint Maximum;
    }
}

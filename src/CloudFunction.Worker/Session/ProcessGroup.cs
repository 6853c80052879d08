using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace CloudFunction.Worker.Session;

/// <summary>Ends this process with all that it started.</summary>
internal static partial class ProcessGroup
{
    private const int SigKill = 9;

    /// <summary>Never returns. On Unix the worker leads a process group of its own, which is killed whole; on Windows the host's job object
    /// does the same when the host's handle of it is gone.</summary>
    public static void Kill()
    {
        if (!OperatingSystem.IsWindows() && GetProcessGroup() == Environment.ProcessId)
        {
            _ = KillProcess(0, SigKill); // 0: every process of the caller's group, this one included.
        }

        Environment.FailFast(null); // On Windows, and where setsid had been refused.
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillProcess(int pid, int signal);

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int GetProcessGroup();
}

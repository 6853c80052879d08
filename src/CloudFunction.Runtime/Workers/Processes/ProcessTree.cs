using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace CloudFunction.Runtime.Workers.Processes;

/// <summary>A worker's process with all that it starts: a process group on Unix, a job object on Windows.</summary>
internal sealed partial class ProcessTree : IDisposable
{
    private const int SigKill = 9;

    private readonly int _pid;
    private readonly SafeHandle? _job;

    /// <summary>Takes hold of a process that has just been started.</summary>
    public ProcessTree(Process process)
    {
        _pid = process.Id;
        if (OperatingSystem.IsWindows())
        {
            _job = WindowsJob.Create(process);
        }
    }

    /// <summary>Ends the process, if it still runs, and whatever it left behind.</summary>
    public void Kill(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsJob.Terminate(_job!);
            return;
        }

        try
        {
            process.Kill(); // Also where it had not come to lead its group yet.
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        KillGroup(_pid);
    }

    /// <summary>Ends a process group by its leader's id.</summary>
    [UnsupportedOSPlatform("windows")]
    public static void KillGroup(int pid) => _ = SendSignal(-pid, SigKill);

    public void Dispose() => _job?.Dispose();

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}

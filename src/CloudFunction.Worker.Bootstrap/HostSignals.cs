using System.Runtime.InteropServices;

namespace CloudFunction.Worker.Bootstrap;

/// <summary>Takes the process out of reach of signals that are meant for its host: a worker ends when its socket does, after its calls have
/// been drained, and not in the middle of them.</summary>
internal static partial class HostSignals
{
    // A registration ends when it is collected.
    private static readonly List<PosixSignalRegistration> Registrations = [];

    /// <summary>Leaves the terminal's session and ignores what ends a process politely. On Windows the host's job object ends the worker.</summary>
    public static void Ignore()
    {
        if (!OperatingSystem.IsWindows())
        {
            // It fails only where the process already leads a group, which keeps the terminal's signals off as well.
            _ = SetSid();
        }

        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
        {
            Registrations.Add(PosixSignalRegistration.Create(signal, static context => context.Cancel = true));
        }
    }

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int SetSid();
}

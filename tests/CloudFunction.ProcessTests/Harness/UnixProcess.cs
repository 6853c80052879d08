using System.Globalization;
using System.Runtime.InteropServices;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>Signals to processes, and what the kernel says of them.</summary>
internal static partial class UnixProcess
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigStop = 19;
    public const int SigCont = 18;

    /// <summary>Skips the test that calls it where there is no such thing as a signal, or no /proc to look into.</summary>
    public static void RequireLinux() => Skip.IfNot(OperatingSystem.IsLinux(), "Needs Unix signals and Linux's /proc.");

    /// <summary>Sends a signal to a process, which must exist.</summary>
    public static void Signal(int pid, int signal) => Assert.True(Kill(pid, signal) == 0, $"Signal {signal} could not be sent to process {pid}.");

    /// <summary>Sends a signal to every process of a group.</summary>
    public static void SignalGroup(int leader, int signal) =>
        Assert.True(Kill(-leader, signal) == 0, $"Signal {signal} could not be sent to process group {leader}.");

    /// <summary>Ends a process group if there is one.</summary>
    public static void EndGroup(int leader) => _ = Kill(-leader, SigKill);

    /// <summary>Whether a process runs. One that has ended and was not waited for yet does not.</summary>
    public static bool IsAlive(int pid) => State(pid) is not null and not 'Z' and not 'X';

    /// <summary>The memory that a process holds, in bytes.</summary>
    public static long ResidentBytes(int pid) => Status(pid, "VmRSS:") * 1024;

    /// <summary>The most memory that a process has held since <see cref="ResetPeak"/>, in bytes.</summary>
    public static long PeakBytes(int pid) => Status(pid, "VmHWM:") * 1024;

    /// <summary>Begins to watch a process's memory anew; see proc(5), clear_refs.</summary>
    public static void ResetPeak(int pid) => File.WriteAllText($"/proc/{pid}/clear_refs", "5");

    public static int OpenFiles(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Length;

    private static char? State(int pid)
    {
        try
        {
            // proc(5): the state follows the name, which is in brackets and may hold anything.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Status(int pid, string name)
    {
        var line = File.ReadLines($"/proc/{pid}/status").Single(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length).Trim().TrimEnd("kB").TrimEnd(), CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}

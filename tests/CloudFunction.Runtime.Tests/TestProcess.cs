using System.Diagnostics;
using System.Globalization;

namespace CloudFunction.Runtime.Tests;

/// <summary>Processes that a build has started, by what they have written of themselves.</summary>
internal static class TestProcess
{
    // A busy machine's start of the SDK.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Waits until a process has written its id to a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="work">What starts it, and must not end before.</param>
    public static async Task<int> WaitForIdAsync(string path, Task work)
    {
        for (var watch = Stopwatch.StartNew(); !File.Exists(path) || new FileInfo(path).Length == 0; await Task.Delay(20))
        {
            Assert.False(work.IsCompleted, $"It has ended: {work.Exception}");
            Assert.True(watch.Elapsed < Limit, $"{path} was not written.");
        }

        return int.Parse(await File.ReadAllTextAsync(path), CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until a process has ended.</summary>
    public static async Task WaitForEndAsync(int pid)
    {
        for (var watch = Stopwatch.StartNew(); IsRunning(pid); await Task.Delay(20))
        {
            Assert.True(watch.Elapsed < Limit, $"Process {pid} still runs.");
        }
    }

    /// <summary>Whether a process runs. One that has ended and that nobody has asked about yet has no command line any more.</summary>
    public static bool IsRunning(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !OperatingSystem.IsLinux() || File.ReadAllBytes($"/proc/{pid}/cmdline").Length > 0;
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            return false;
        }
    }
}

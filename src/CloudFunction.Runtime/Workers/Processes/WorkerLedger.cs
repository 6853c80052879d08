using System.Diagnostics;
using System.Globalization;

namespace CloudFunction.Runtime.Workers.Processes;

/// <summary>Remembers on disk which workers run, so that the next host can clear away what this one might leave if it is
/// killed. Thread safe.</summary>
/// <param name="directory">A folder of its own, below DATA_DIR, made when needed.</param>
internal sealed class WorkerLedger(string directory)
{
    /// <summary>Remembers a worker.</summary>
    public void Add(int pid)
    {
        try
        {
            if (ProcessIdentity.StartOf(pid) is { } start)
            {
                HostDirectory.Create(directory);
                File.WriteAllText(PathOf(pid), start);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // For example a full disk. The worker ends with its host all the same; only the second line of defence is missing.
        }
    }

    /// <summary>Forgets a worker that has ended.</summary>
    public void Remove(int pid)
    {
        try
        {
            File.Delete(PathOf(pid));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The entry is harmless: the next sweep finds no such process and tries again.
        }
    }

    /// <summary>Ends what an earlier host left and forgets it.</summary>
    /// <returns>The process ids of those that still ran.</returns>
    public IReadOnlyList<int> Sweep()
    {
        var killed = new List<int>();
        if (!Directory.Exists(directory))
        {
            return killed;
        }

        foreach (var file in Directory.EnumerateFiles(directory))
        {
            if (int.TryParse(Path.GetFileName(file), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && File.ReadAllText(file) is { Length: > 0 } start && start == ProcessIdentity.StartOf(pid))
            {
                Kill(pid);
                killed.Add(pid);
            }

            File.Delete(file);
        }

        return killed;
    }

    /// <summary>Forgets workers that have ended and could not be forgotten then. What still runs is left alone.</summary>
    public void ForgetEnded()
    {
        foreach (var file in Directory.Exists(directory) ? Directory.EnumerateFiles(directory) : [])
        {
            if (int.TryParse(Path.GetFileName(file), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && ProcessIdentity.StartOf(pid) is null)
            {
                File.Delete(file);
            }
        }
    }

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It ended meanwhile; its group may hold more.
        }

        if (!OperatingSystem.IsWindows())
        {
            ProcessTree.KillGroup(pid);
        }
    }

    private string PathOf(int pid) => Path.Combine(directory, pid.ToString(CultureInfo.InvariantCulture));
}

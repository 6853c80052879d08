using System.Runtime.InteropServices;

namespace CloudFunction.Worker.Bootstrap;

/// <summary>The folder that the host calls worker/.</summary>
internal static class WorkerDirectory
{
    // Beside this file and not in AppContext.BaseDirectory, which is the host's to set.
    private static readonly string Here = Path.GetDirectoryName(typeof(WorkerDirectory).Assembly.Location)!;

    /// <summary>Whether the runtime came with the host: then this file lies with it.</summary>
    public static bool IsSelfContained { get; } = string.Equals(
        Here, Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory()),
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    /// <summary>It is where this file is, but for a self-contained host that has its runtime beside itself: there this file is
    /// beside the host too.</summary>
    public static string Find() => Path.Combine(Here, "worker") is var below && IsSelfContained && Directory.Exists(below) ? below : Here;
}

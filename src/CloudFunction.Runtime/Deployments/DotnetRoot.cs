using System.Runtime.InteropServices;

namespace CloudFunction.Runtime.Deployments;

/// <summary>The installation of .NET that this process runs on.</summary>
internal static class DotnetRoot
{
    private static readonly string Runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());

    /// <summary>What its command is called.</summary>
    public static string Command => OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    /// <summary>Its folder; null where this process has its runtime with it.</summary>
    public static string? Directory { get; } =
        IsBesideHost(Runtime) ? null : Path.GetFullPath(Path.Combine(Runtime, "..", "..", "..")); // <root>/shared/Microsoft.NETCore.App/<version>

    /// <summary>Whether this process is self-contained, as one file or as many: its runtime is where the host itself is.</summary>
    public static bool IsSelfContained => Directory is null;

    private static bool IsBesideHost(string runtime) => string.Equals(
        runtime, Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory),
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}

using System.Runtime.InteropServices;

namespace CloudFunction.Runtime.Workers;

/// <summary>The installation of .NET that this process runs on.</summary>
internal static class DotnetRoot
{
    /// <summary>What its command is called.</summary>
    public static string Command => OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    /// <summary>Its folder, where this process is not self-contained.</summary>
    public static string Directory { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")); // <root>/shared/Microsoft.NETCore.App/<version>/
}

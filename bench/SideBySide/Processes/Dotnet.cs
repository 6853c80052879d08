using System.Runtime.InteropServices;

namespace SideBySide.Processes;

internal static class Dotnet
{
    /// <summary>The <c>dotnet</c> whose runtime runs this process: three folders above <c>shared/Microsoft.NETCore.App/version/</c>.</summary>
    public static string Executable { get; } = Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}

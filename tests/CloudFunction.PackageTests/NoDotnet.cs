using System.Runtime.InteropServices;

namespace CloudFunction.PackageTests;

/// <summary>Processes that are to find no .NET on this machine.</summary>
internal static class NoDotnet
{
    /// <summary>A host's environment, with nothing in it that leads to one.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        System.Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("DOTNET_", StringComparison.Ordinal))
            .ToDictionary(name => name, _ => "")
            .Concat(RunningHost.OnAnyPort)
            .Append(new("PATH", PathWithout()))
            .ToDictionary();

    /// <summary>Fails where a process runs code of the .NET that this machine has. Known on Linux alone.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="output">The folder that its runtime has to come from; null where that is in the executable.</param>
    public static void AssertNotUsed(int processId, string? output)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var mapped = File.ReadLines($"/proc/{processId}/maps")
            .Select(line => line.IndexOf('/', StringComparison.Ordinal) is var path and >= 0 ? line[path..] : "")
            .Distinct()
            .ToList();
        var shared = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")) + Path.DirectorySeparatorChar;
        Assert.DoesNotContain(mapped, path => path.StartsWith(shared, StringComparison.Ordinal));
        if (output is not null)
        {
            Assert.Contains(Path.Combine(output, "libcoreclr.so"), mapped);
            Assert.Contains(Path.Combine(output, "System.Private.CoreLib.dll"), mapped);
        }
    }

    private static string PathWithout() => string.Join(
        Path.PathSeparator,
        (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(directory => !File.Exists(Path.Combine(directory, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"))));
}

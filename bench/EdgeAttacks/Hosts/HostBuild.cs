using System.Diagnostics;
using System.Text.Json.Serialization;
using SideBySide;
using SideBySide.Processes;

namespace EdgeAttacks.Hosts;

/// <summary>A host that is measured.</summary>
/// <param name="Label">What the report calls it.</param>
/// <param name="Commit">What it was built from, as its own assembly has it.</param>
/// <param name="Assembly">What is started.</param>
internal sealed record HostBuild(string Label, string Commit, [property: JsonIgnore] string Assembly)
{
    private const string RuntimeConfiguration = ".runtimeconfig.json";
    private const int CommitLength = 10;

    /// <summary>Copies a published or built host, so that neither a build meanwhile nor a <c>.env</c> above it is part of the measurement.</summary>
    public static HostBuild Copy(string label, string source, string folder)
    {
        var configurations = Directory.GetFiles(source, $"*{RuntimeConfiguration}");
        if (configurations.Length != 1)
        {
            throw new MeasurementException($"{source} has {configurations.Length} files *{RuntimeConfiguration}; a published host has one.");
        }

        DeployedFiles.CopyTo(source, folder);
        var name = Path.GetFileName(configurations[0])[..^RuntimeConfiguration.Length];
        var runtime = Path.Combine(folder, "CloudFunction.Runtime.dll");
        var version = File.Exists(runtime) ? FileVersionInfo.GetVersionInfo(runtime).ProductVersion : null;
        return new HostBuild(label, CommitIn(version), Path.Combine(folder, $"{name}.dll"));
    }

    /// <summary>What stands behind the plus sign of an informational version.</summary>
    private static string CommitIn(string? version) =>
        version?.Split('+') is [_, { Length: >= CommitLength } commit] ? commit[..CommitLength] : "unknown";
}

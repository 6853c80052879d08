using System.Text.Json;
using SideBySide.Options;
using SideBySide.Processes;
using SideBySide.Systems;

namespace SideBySide.Report;

/// <summary>Which garbage collector each process is built to run with, as its runtime configuration says.</summary>
internal static class GarbageCollection
{
    public static IReadOnlyDictionary<string, string> Read(ComparisonOptions options)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["in-process, yarp and its backend"] = Of(typeof(Program).Assembly.Location),
            ["bare .NET process"] = Of(Repository.BareProcess),
        };
        if (options.Measures(SystemNames.CloudFunction))
        {
            found["host"] = Of(Repository.SampleHost);
        }

        return found;
    }

    private static string Of(string assembly)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(assembly, ".runtimeconfig.json")));
        var isServer = file.RootElement.GetProperty("runtimeOptions").TryGetProperty("configProperties", out var properties)
            && properties.TryGetProperty("System.GC.Server", out var server)
            && server.GetBoolean();
        return isServer ? "server" : "workstation";
    }
}

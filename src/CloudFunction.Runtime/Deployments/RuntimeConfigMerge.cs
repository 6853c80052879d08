using System.Text;
using System.Text.Json;

namespace CloudFunction.Runtime.Deployments;

/// <summary>Lays a project's runtime configuration over the worker's. Which runtime a worker runs on stays the worker's: of the project's
/// roll-forward rules none is taken over, and a lower version of a framework becomes the worker's.</summary>
internal static class RuntimeConfigMerge
{
    // Of a self-contained host's worker: there is nothing to choose from.
    private const string IncludedFrameworks = "includedFrameworks";

    /// <summary>The content of a <c>.runtimeconfig.json</c>.</summary>
    /// <param name="workerPath">The worker's own file.</param>
    /// <param name="projectPath">The project's, which has been read as a <see cref="RuntimeConfigFile"/> before.</param>
    /// <exception cref="DeploymentException">A file is not what the SDK writes.</exception>
    /// <exception cref="IOException">A file cannot be read at this moment.</exception>
    public static string Format(string workerPath, string projectPath)
    {
        using var worker = BoundedJson.Read(workerPath);
        using var project = BoundedJson.Read(projectPath);
        var workers = worker.RootElement.GetProperty("runtimeOptions");
        var projects = project.RootElement.GetProperty("runtimeOptions");

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("runtimeOptions");
            if (workers.TryGetProperty(IncludedFrameworks, out var included))
            {
                json.WritePropertyName(IncludedFrameworks);
                included.WriteTo(json);
            }
            else
            {
                WriteFrameworks(json, workers, projects);
            }

            WriteProperties(json, workers, projects);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteFrameworks(Utf8JsonWriter json, JsonElement workers, JsonElement projects)
    {
        var core = VersionsOf(workers)[SharedFrameworks.Core];
        var wanted = VersionsOf(projects);
        wanted.TryAdd(SharedFrameworks.Core, core);
        json.WriteStartArray("frameworks");
        foreach (var (name, version) in wanted.OrderBy(framework => framework.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("version", SharedFrameworks.IsVersionedWithCore(name) && Parse(version) < Parse(core) ? core : version);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteProperties(Utf8JsonWriter json, JsonElement workers, JsonElement projects)
    {
        SortedDictionary<string, JsonElement> all = new(StringComparer.Ordinal);
        foreach (var options in (ReadOnlySpan<JsonElement>)[workers, projects])
        {
            if (options.TryGetProperty("configProperties", out var properties))
            {
                foreach (var property in properties.EnumerateObject())
                {
                    all[property.Name] = property.Value;
                }
            }
        }

        json.WriteStartObject("configProperties");
        foreach (var (name, value) in all)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static Dictionary<string, string> VersionsOf(JsonElement options) => RuntimeConfigFile.ReadFrameworks(options)
        .ToDictionary(
            framework => framework.GetProperty("name").GetString()!,
            framework => framework.TryGetProperty("version", out var version) ? version.GetString()! : "0.0.0",
            StringComparer.Ordinal);

    // 10.0.0-rc.1 counts as 10.0.0.
    private static Version? Parse(string version) => Version.TryParse(version.Split('-')[0], out var parsed) ? parsed : null;
}

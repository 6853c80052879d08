using System.Text;
using System.Text.Json;

namespace CloudFunction.Runtime.Deployments;

/// <summary>The files beside a deployment's manifest that a process of its own is started with. Made from the manifest alone.</summary>
internal static class LaunchFiles
{
    private const string Target = ".NETCoreApp,Version=v10.0";
    private const string Library = "deployment/1.0.0";

    /// <summary>Whether those that the deployment needs are there.</summary>
    public static bool Exist(Deployment deployment) =>
        (deployment.AdditionalDepsPath is not { } deps || File.Exists(deps))
        && (deployment.RuntimeConfigPath is not { } config || File.Exists(config));

    /// <summary>Writes those that the deployment needs and removes the others. They are on disk once this returns.</summary>
    /// <exception cref="IOException">The disk is full or fails; each file is the old one or the new one.</exception>
    public static void Write(Deployment deployment)
    {
        Delete(deployment.Directory, keepDeps: deployment.AdditionalDepsPath is not null, keepConfig: deployment.RuntimeConfigPath is not null);
        if (deployment.AdditionalDepsPath is { } deps)
        {
            DurableFile.Write(deps, FormatDependencies(deployment.Manifest.Contents.FrameworkOverrides!));
        }

        if (deployment.RuntimeConfigPath is { } config)
        {
            DurableFile.Write(config, Encoding.UTF8.GetBytes(deployment.Manifest.Contents.RuntimeConfig!));
        }
    }

    /// <summary>Removes those of the version whose files lie or lay in <paramref name="directory"/>.</summary>
    public static void Delete(string directory, bool keepDeps = false, bool keepConfig = false)
    {
        if (!keepDeps)
        {
            File.Delete(directory + DependencyFile.Suffix);
            File.Delete(SelfContainedLaunch.FileOf(directory));
        }

        if (!keepConfig)
        {
            File.Delete(directory + RuntimeConfigFile.Suffix);
        }
    }

    /// <summary>What <c>dotnet exec --additional-deps</c> reads. A library of type package with the path <c>.</c> is searched for in the
    /// folder itself that <c>--additionalprobingpath</c> names
    /// (https://github.com/dotnet/runtime/blob/main/docs/design/features/host-probing.md).</summary>
    private static byte[] FormatDependencies(IReadOnlyList<FrameworkOverride> overrides)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartObject("runtimeTarget");
            json.WriteString("name", Target);
            json.WriteEndObject();
            json.WriteStartObject("targets");
            json.WriteStartObject(Target);
            json.WriteStartObject(Library);
            json.WriteStartObject("runtime");
            foreach (var (path, version) in overrides)
            {
                // The higher assembly version wins over the framework's; the file version would only decide between equal ones.
                json.WriteStartObject(path);
                json.WriteString("assemblyVersion", version.ToString());
                json.WriteString("fileVersion", version.ToString());
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("libraries");
            json.WriteStartObject(Library);
            json.WriteString("type", "package");
            json.WriteBoolean("serviceable", false);
            json.WriteString("sha512", "");
            json.WriteString("path", ".");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}

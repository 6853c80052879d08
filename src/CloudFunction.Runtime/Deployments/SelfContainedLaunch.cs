using System.Text;
using System.Text.Json.Nodes;

namespace CloudFunction.Runtime.Deployments;

/// <summary>Starts a deployment's own process, with assemblies that take the place of a framework's, on the runtime that a self-contained
/// host has with it.</summary>
internal static class SelfContainedLaunch
{
    private const string Suffix = ".self-contained" + DependencyFile.Suffix;

    /// <summary>The path of the file that <see cref="Prepare"/> writes for the deployment in a folder.</summary>
    public static string FileOf(string deploymentDirectory) => deploymentDirectory + Suffix;

    /// <summary>Writes one list of all that the process starts with: the worker's own less what the deployment replaces, and that.</summary>
    /// <param name="runtime">The folder of the runtime.</param>
    /// <param name="workerDeps">The worker's own list.</param>
    /// <param name="additionalDeps">The list of what the deployment replaces.</param>
    /// <param name="deploymentDirectory">The deployment's folder.</param>
    /// <returns>The options to start the worker with.</returns>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public static string[] Prepare(string runtime, string workerDeps, string additionalDeps, string deploymentDirectory)
    {
        var file = FileOf(deploymentDirectory);
        var worker = Read(workerDeps);
        Merge(worker, Read(additionalDeps), FolderName(runtime), FolderName(deploymentDirectory));
        DurableFile.Write(file, Encoding.UTF8.GetBytes(worker.ToJsonString()));

        // A library's files are searched for in <probing path>/<library's path>. The folder's name is that path here: were both searched for in each
        // folder itself, one would be taken for the other's.
        return ["--depsfile", file, "--additionalprobingpath", ParentOf(runtime), "--additionalprobingpath", ParentOf(deploymentDirectory)];
    }

    private static void Merge(JsonNode worker, JsonNode additional, string runtimePath, string deploymentPath)
    {
        var target = Single(worker["targets"]!);
        var added = Single(additional["targets"]!);
        var replaced = added.SelectMany(library => library.Value!["runtime"]!.AsObject())
            .Select(file => Path.GetFileName(file.Key))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (_, library) in target)
        {
            var files = library!["runtime"]!.AsObject();
            foreach (var name in files.Select(file => file.Key).Where(replaced.Contains).ToList())
            {
                files.Remove(name);
            }
        }

        foreach (var (name, library) in added)
        {
            target[name] = library!.DeepClone();
        }

        Locate(worker, worker["libraries"]!.AsObject().Select(library => library.Key), runtimePath);
        Locate(worker, added.Select(library => library.Key), deploymentPath);
    }

    private static void Locate(JsonNode deps, IEnumerable<string> libraries, string path)
    {
        foreach (var library in libraries.ToList())
        {
            deps["libraries"]![library] = new JsonObject { ["type"] = "package", ["serviceable"] = false, ["sha512"] = "", ["path"] = path };
        }
    }

    private static JsonObject Single(JsonNode targets) => targets.AsObject().Single().Value!.AsObject();

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllBytes(path))!;

    private static string FolderName(string directory) => Path.GetFileName(directory) is { Length: > 0 } name ? name : ".";

    private static string ParentOf(string directory) => Path.GetDirectoryName(directory) ?? directory;
}

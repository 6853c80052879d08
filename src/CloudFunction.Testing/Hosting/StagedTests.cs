using System.Reflection;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Testing.Hosting;

/// <summary>Makes a deployment for a worker of what a test was built with: the test's own output, of which the project's
/// assembly is the entry.</summary>
internal static class StagedTests
{
    private const string Dependencies = ".deps.json";
    private const string RuntimeConfig = ".runtimeconfig.json";

    /// <summary>Copies the output into a folder and checks it as a host would.</summary>
    /// <param name="functions">The project's assembly.</param>
    /// <param name="project">Its name.</param>
    /// <param name="target">The folder, which is not there yet.</param>
    /// <param name="workerDirectory">Where the worker lies.</param>
    /// <exception cref="InvalidOperationException">The test's output says nothing of what it depends on.</exception>
    public static Deployment Stage(Assembly functions, string project, string target, string workerDirectory)
    {
        var source = Path.GetDirectoryName(functions.Location)!;
        var entry = Path.GetFileNameWithoutExtension(functions.Location);
        var dependencies = FindDependencies(source, entry);
        var worker = Path.TrimEndingDirectorySeparator(workerDirectory) + Path.DirectorySeparatorChar;
        foreach (var file in Directory.EnumerateFiles(source, "*", new EnumerationOptions { RecurseSubdirectories = true }))
        {
            var relative = Path.GetRelativePath(source, file);
            if (!file.StartsWith(worker, StringComparison.Ordinal)
                && !relative.EndsWith(Dependencies, StringComparison.Ordinal)
                && !relative.EndsWith(RuntimeConfig, StringComparison.Ordinal))
            {
                var copy = Path.Combine(target, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }

        // The whole of the test's, which names the project's packages too.
        File.Copy(dependencies, Path.Combine(target, entry + Dependencies));
        var contents = new DeploymentInspector(new PlatformAssemblies(workerDirectory)).Inspect(target);
        var deployment = new Deployment(project, 1, target, new DeploymentManifest(1, TimeProvider.System.GetUtcNow(), "", contents, null));
        LaunchFiles.Write(deployment);
        return deployment;
    }

    private static string FindDependencies(string directory, string entry)
    {
        var own = Path.Combine(directory, entry + Dependencies);
        var tests = Directory.EnumerateFiles(directory, "*" + Dependencies)
            .Where(file => File.Exists(file[..^Dependencies.Length] + RuntimeConfig))
            .ToArray();
        return tests is [var one] ? one
            : File.Exists(own) ? own
            : throw new InvalidOperationException($"{directory} has {tests.Length} programs' {Dependencies} files, and none is "
                + $"{Path.GetFileName(own)}: run the test from the output of one test project.");
    }
}

namespace CloudFunction.Runtime.Deployments;

/// <summary>One immutable, numbered build of a project, staged on disk.</summary>
/// <param name="Project">Whose it is.</param>
/// <param name="Version">Its number.</param>
/// <param name="Directory">Absolute path of its files.</param>
/// <param name="Manifest">What is recorded of it.</param>
internal sealed record Deployment(string Project, int Version, string Directory, DeploymentManifest Manifest)
{
    /// <summary>Absolute path of the assembly with the functions.</summary>
    public string EntryAssemblyPath => Path.Combine(Directory, Manifest.Contents.EntryAssembly);

    /// <summary>Absolute path of the runtime configuration that its process must be started with; null where the worker's own will do.</summary>
    public string? RuntimeConfigPath => Manifest.Contents.RuntimeConfig is null ? null : Directory + RuntimeConfigFile.Suffix;

    /// <summary>Absolute path of the list of framework assemblies that its process must be started with; null where there are none.</summary>
    public string? AdditionalDepsPath => Manifest.Contents.FrameworkOverrides is null ? null : Directory + DependencyFile.Suffix;
}

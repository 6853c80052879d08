using System.Diagnostics.CodeAnalysis;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Builds source projects with the .NET SDK of this machine. Thread safe for different projects; one build at a time
/// of one project.</summary>
/// <param name="dataDirectory">DATA_DIR, below which builds are.</param>
/// <param name="contentRoot">Where a <c>requirements.txt</c> lies that applies to every project.</param>
/// <param name="coreDirectory">The worker's own assemblies.</param>
/// <param name="runtime">The version of .NET that workers run on.</param>
/// <param name="environment">The environment of a build: a project's, without what is the host's own.</param>
/// <param name="findSdk">Finds the SDK; asked at each build, so that one that is installed later is found.</param>
[SuppressMessage("Design", "CA1001", Justification = "The semaphores are only waited on without a handle, so there is nothing to dispose.")]
internal sealed class SourceBuilder(
    string dataDirectory, string contentRoot, string coreDirectory, Version runtime, IReadOnlyDictionary<string, string> environment,
    Func<DotnetSdk?> findSdk)
{
    // A tool uses all cores for most of its time, and a host may start with a hundred builds.
    internal SemaphoreSlim Turns { get; init; } = new(Math.Max(1, Environment.ProcessorCount / 2));

    // The compiler alone is done within a second or two: it waits for others of its kind, and for no whole build, which may take minutes.
    private readonly SemaphoreSlim _compilerTurns = new(Environment.ProcessorCount);

    /// <summary>What besides the project's own files decides what a build makes of them.</summary>
    /// <exception cref="DeploymentException">The common <c>requirements.txt</c> is wrong.</exception>
    public string InputKey => RequirementsLock.KeyOf(Common());

    /// <summary>Builds a project.</summary>
    /// <param name="project">For messages and the name of its assembly.</param>
    /// <param name="kind">What its folder holds.</param>
    /// <param name="folder">The folder; only its lock is written.</param>
    /// <param name="directory">Where its sources have been copied.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The folder with the output of the build, good until the next one of this project.</returns>
    /// <exception cref="DeploymentException">There is no SDK, or it does not build.</exception>
    public async Task<string> BuildAsync(
        string project, SourceKind kind, string folder, BuildDirectory directory, CancellationToken cancellationToken)
    {
        var framework = $"net{runtime.ToString(2)}";
        var sdk = findSdk() ?? throw new DeploymentException(
            DeploymentErrorCode.DependencyError,
            $"Project {project} is source code, and there is no .NET SDK {runtime.Major} or later on this machine to build it: install the SDK "
            + "(https://dotnet.microsoft.com/download), or publish the project elsewhere and put its output here.");
        var command = new SdkCommand(sdk, environment, Turns);
        var common = Common();
        if (kind == SourceKind.Project)
        {
            await new ProjectBuilder(command, coreDirectory).BuildAsync(directory, folder, common, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await new FilesBuilder(sdk, command, new SdkCommand(sdk, environment, _compilerTurns), coreDirectory, framework)
                .BuildAsync(project, directory, folder, common, cancellationToken).ConfigureAwait(false);
            directory.ComposeOutput(cancellationToken);
        }

        return directory.Output;
    }

    /// <summary>Opens the place where a project is built.</summary>
    public BuildDirectory Open(string project) => BuildDirectory.Open(dataDirectory, project);

    private IReadOnlyList<PackageRequirement> Common() => RequirementsFile.Read(contentRoot, $"{RequirementsFile.FileName} of the host");
}

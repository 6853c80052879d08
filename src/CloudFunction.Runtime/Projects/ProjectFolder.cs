using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects;

/// <summary>A project's folder, as it is at any moment. One reader at a time.</summary>
internal sealed class ProjectFolder(ProjectCandidate found, ProjectVersions versions, VariablesReader variables, ProjectLog log)
{
    private FolderReading? _last;
    private IReadOnlyList<string> _warned = [];

    /// <summary>The project's name.</summary>
    public string Name => found.Name;

    /// <summary>Its absolute path.</summary>
    public string Directory => found.Directory;

    /// <summary>What a deployment of it would have as its fingerprint, or what is wrong with it: that is other content too, and why is reported by
    /// the attempt to deploy it.</summary>
    public async Task<string> FingerprintAsync(CancellationToken cancellationToken)
    {
        try
        {
            _last = await versions.ReadFolderAsync(Directory, _last, cancellationToken).ConfigureAwait(false);
            return _last.Fingerprint;
        }
        catch (Exception error) when (error is DeploymentException or SourceReadException)
        {
            return error.Message; // As good as any: it is no other content's.
        }
    }

    /// <summary>Reads the project's <c>.env</c>; nothing where there is none. What is to be warned of in it is logged once, until it is
    /// something else.</summary>
    /// <param name="from">Where it is read; null: in the folder.</param>
    /// <exception cref="DotEnvException">It is wrong or cannot be read.</exception>
    public ProjectVariables ReadVariables(string? from = null)
    {
        var file = variables.Read(from ?? Directory, Path.Combine(Directory, DotEnvFile.FileName));
        if (!file.Warnings.SequenceEqual(_warned))
        {
            _warned = file.Warnings;
            foreach (var warning in file.Warnings)
            {
                log.VariablesUnclear(Name, warning);
            }
        }

        return new ProjectVariables(file.Values);
    }
}

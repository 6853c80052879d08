using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects;

/// <summary>A project's folder, as it is at any moment. One reader at a time.</summary>
internal sealed class ProjectFolder(ProjectCandidate found, ProjectVersions versions)
{
    private FolderReading? _last;

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

    /// <inheritdoc cref="ProjectVariables.Read"/>
    public ProjectVariables ReadVariables() => ProjectVariables.Read(Directory);
}

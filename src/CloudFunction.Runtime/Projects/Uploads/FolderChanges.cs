using System.Text;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Deploys content that is not yet what a project's folder holds, and makes it that once it is live. Whatever fails, the folder is what it
/// was.
/// To be called in the turn of the project's name.</summary>
internal sealed class FolderChanges(
    CloudFunctionOptions options, ProjectCatalog projects, ProjectFactory factory, ProjectVersions versions, ProjectCounterStore counters)
{
    // Each needs some ten megabytes and all of the disk that it can get; who waits has an archive of up to MAX_UPLOAD_BYTES on disk.
    private const int UnpackingAtOnce = 2;
    private const int MaxWaitingUploads = 30;

    private readonly UnpackingPlaces _unpacking = new(UnpackingAtOnce, MaxWaitingUploads);

    /// <summary>Unpacks an archive and has it take the folder's place, or makes the project.</summary>
    /// <param name="name">The project's name; valid.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="cancellationToken">See <see cref="Project.ReachAsync"/>.</param>
    /// <exception cref="CloudFunctionException">The archive is refused, or what is in it does not serve.</exception>
    public async Task<DeployResult> UploadAsync(string name, ReceivedArchive archive, CancellationToken cancellationToken)
    {
        using var replacement = FolderReplacement.Create(options.ProjectsDirectory, name);
        await _unpacking.RunAsync(() => UnpackAsync(archive, replacement.Directory, cancellationToken), cancellationToken).ConfigureAwait(false);
        replacement.CarryOver();
        var wanted = new WantedState(ProjectGoal.Deployed)
        {
            Directory = replacement.Directory,
            Source = DeploymentSource.Upload,
            Change = replacement,
        };
        var result = await DeployAsync(name, wanted, cancellationToken).ConfigureAwait(false);
        replacement.Complete();
        return result;
    }

    /// <summary>Adds a function's source code, or replaces it, or makes the project.</summary>
    /// <exception cref="CloudFunctionException">What comes of it does not serve, or is not that function.</exception>
    public async Task<DeployResult> AddFunctionAsync(string name, FunctionUpload function, CancellationToken cancellationToken)
    {
        var folder = FolderOf(name);
        var edit = new FolderEdit(folder);
        edit.Set(function.Name + ".cs", Encoding.UTF8.GetBytes(function.Code));
        if (function.Requirements is { } requirements)
        {
            edit.Set(RequirementsFile.FileName, Encoding.UTF8.GetBytes(requirements));
        }

        if (function.Variables is { } variables)
        {
            var path = Path.Combine(folder, DotEnvFile.FileName);
            var text = DotEnvEditor.EditFile(path, VariablesText.Read(variables), options.EnvInterpolate);
            edit.Set(DotEnvFile.FileName, Encoding.UTF8.GetBytes(text));
        }

        var result = await EditAsync(name, edit, FunctionRequirement.Added(function.Name), cancellationToken).ConfigureAwait(false);
        var project = projects.Require(name);
        await project.EnableAsync(function.Name).ConfigureAwait(false);
        return result with { Project = project.Describe() };
    }

    /// <summary>Whether a function of a project has a source file of its own, by its name.</summary>
    /// <exception cref="IOException">That cannot be found out.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static bool HasOwnFile(string folder, string function) =>
        DiskEntry.IsFile(Path.Combine(folder, function + ".cs")) && SourceKindFinder.Find(folder) == SourceKind.Files;

    /// <summary>Removes the source file of a function.</summary>
    /// <exception cref="CloudFunctionException">What is left does not serve, or the file had other functions too.</exception>
    public async Task<DeployResult> RemoveFunctionAsync(Project project, string function, CancellationToken cancellationToken)
    {
        var others = project.Describe().Functions.Select(each => each.Name).Where(each => each != function).ToList();
        if (others.Count == 0)
        {
            throw Conflict(
                "function",
                $"'{function}' is the only function of project '{project.Name}': delete the project, with DELETE /api/v1/projects/{project.Name}.");
        }

        if (!project.IsFolderLive)
        {
            throw Conflict(
                "project", $"Project '{project.Name}' does not serve what its folder holds, so that cannot be compared: deploy the folder first.");
        }

        var edit = new FolderEdit(project.Directory);
        edit.Delete(function + ".cs");
        return await EditAsync(project.Name, edit, FunctionRequirement.Kept(function, others), cancellationToken).ConfigureAwait(false);
    }

    private async Task<DeployResult> EditAsync(
        string name, FolderEdit edit, FunctionRequirement requirement, CancellationToken cancellationToken)
    {
        using var copy = await EditedCopy.CreateAsync(options.ProjectsDirectory, FolderOf(name), edit, cancellationToken).ConfigureAwait(false);
        var wanted = new WantedState(ProjectGoal.Deployed)
        {
            Directory = copy.Directory,
            Source = DeploymentSource.Function,
            Change = copy,
            Requirement = requirement,
        };
        return await DeployAsync(name, wanted, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DeployResult> DeployAsync(string name, WantedState wanted, CancellationToken cancellationToken)
    {
        if (projects.Find(name) is { } known)
        {
            return DeployResult.Of(known, await known.ReachAsync(wanted, cancellationToken).ConfigureAwait(false));
        }

        var (hadVersions, hadState) = (await versions.HasAnyAsync(name).ConfigureAwait(false), counters.Knows(name));
        var project = await factory.OpenAsync(new ProjectCandidate(name, FolderOf(name), Error: null)).ConfigureAwait(false);
        try
        {
            return DeployResult.Of(project, await project.ReachAsync(wanted, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await ForgetAsync(project, hadVersions, hadState).ConfigureAwait(false);
            throw;
        }
    }

    // A project that there was none of before; what is left of an earlier one of its name stays.
    private async Task ForgetAsync(Project project, bool hadVersions, bool hadState)
    {
        projects.Remove(project.Name);
        project.Dispose();
        if (!hadState)
        {
            counters.Remove(project.Name);
        }

        if (!hadVersions)
        {
            try
            {
                await versions.RemoveAsync(project.Name).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The next start removes it; what the caller is to know is why the project was refused.
            }
        }
    }

    private async Task UnpackAsync(ReceivedArchive archive, string directory, CancellationToken cancellationToken)
    {
        using var stream = archive.Open();
        var limits = ArchiveLimits.For(options.MaxUploadBytes);
        await ArchiveExtractor.ExtractAsync(stream, directory, limits, cancellationToken).ConfigureAwait(false);
    }

    private string FolderOf(string name) => Path.Combine(options.ProjectsDirectory, name);

    private static ProjectException Conflict(string field, string message) => new(ProjectErrorCode.Conflict, message) { Field = field };
}

using System.Text;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Deploys content that is not yet what a project's folder holds, and makes it that once it serves. Whatever fails, the folder is what it was.
/// One at a time per project.</summary>
/// <param name="projects">All projects; new ones are added.</param>
/// <param name="services">What projects share.</param>
internal sealed class FolderChanges(ProjectCatalog projects, ProjectServices services)
{
    /// <summary>Unpacks an archive and has it take the folder's place, or makes the project.</summary>
    /// <param name="name">The project's name; valid.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="unpacking">Where it is unpacked when its turn has come.</param>
    /// <param name="cancellationToken">See <see cref="ProjectSwitcher.SwitchAsync"/>.</param>
    /// <exception cref="CloudFunctionException">The archive is refused, or what is in it does not serve.</exception>
    public async Task<DeployResult> UploadAsync(string name, ReceivedArchive archive, UnpackingPlaces unpacking, CancellationToken cancellationToken)
    {
        using var replacement = FolderReplacement.Create(services.Options.ProjectsDirectory, name);
        await unpacking.RunAsync(() => UnpackAsync(archive, replacement.Directory, cancellationToken), cancellationToken).ConfigureAwait(false);
        replacement.CarryOver();
        var result = await DeployAsync(
            name, replacement.Directory, DeploymentSource.Upload, _ => replacement.Commit(), replacement.Rollback, cancellationToken).ConfigureAwait(false);
        replacement.Complete();
        return result;
    }

    /// <summary>Adds a function's source code, or replaces it, or makes the project.</summary>
    /// <exception cref="CloudFunctionException">What comes of it does not serve, or is not that function.</exception>
    public async Task<DeployResult> AddFunctionAsync(string name, FunctionUpload function, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(services.Options.ProjectsDirectory, name);
        var edit = new FolderEdit(folder);
        edit.Set(function.Name + ".cs", Encoding.UTF8.GetBytes(function.Code));
        if (function.Requirements is { } requirements)
        {
            edit.Set(RequirementsFile.FileName, Encoding.UTF8.GetBytes(requirements));
        }

        if (function.Variables is { } variables)
        {
            edit.Set(DotEnvFile.FileName, Encoding.UTF8.GetBytes(DotEnvEditor.EditFile(Path.Combine(folder, DotEnvFile.FileName), VariablesText.Read(variables))));
        }

        var result = await EditAsync(name, folder, edit, loaded => RequireFunction(function.Name, loaded), cancellationToken).ConfigureAwait(false);
        var project = projects.Find(name)!;
        await project.SetDisabledAsync(function.Name, isDisabled: false).ConfigureAwait(false);
        return result with { Project = project.Describe() };
    }

    /// <summary>Whether a function of a project has a source file of its own, by its name.</summary>
    public static bool HasOwnFile(string folder, string function) =>
        File.Exists(Path.Combine(folder, function + ".cs")) && SourceKindFinder.Find(folder) == SourceKind.Files;

    /// <summary>Removes the source file of a function.</summary>
    /// <exception cref="CloudFunctionException">What is left does not serve, or the file had other functions too.</exception>
    public Task<DeployResult> RemoveFunctionAsync(ProjectRuntime project, string function, CancellationToken cancellationToken)
    {
        var others = project.Describe().Functions.Select(each => each.Name).Where(each => each != function).ToList();
        if (others.Count == 0)
        {
            throw new ProjectException(
                ProjectErrorCode.Conflict, $"'{function}' is the only function of project '{project.Name}': delete the project, with DELETE /api/v1/projects/{project.Name}.")
            {
                Field = "function",
            };
        }

        if (!project.IsFolderServing)
        {
            throw new ProjectException(
                ProjectErrorCode.Conflict, $"Project '{project.Name}' does not serve what its folder holds, so that cannot be compared: deploy the folder first.")
            {
                Field = "project",
            };
        }

        var edit = new FolderEdit(project.Folder.Directory);
        edit.Delete(function + ".cs");
        return EditAsync(project.Name, project.Folder.Directory, edit, loaded =>
        {
            var lost = others.Where(other => !loaded.Any(each => each.Targets.ContainsKey(other))).ToList();
            if (lost.Count > 0)
            {
                throw new ProjectException(
                    ProjectErrorCode.Conflict, $"{function}.cs defines {string.Join(", ", lost)} too: move that to a file of its own, or edit the file and deploy.")
                {
                    Field = "function",
                };
            }
        }, cancellationToken);
    }

    private async Task<DeployResult> EditAsync(
        string name, string folder, FolderEdit edit, Action<IReadOnlyList<LiveDeployment>> check, CancellationToken cancellationToken)
    {
        var staging = FolderNames.NewStaging(services.Options.ProjectsDirectory);
        try
        {
            HostDirectory.Create(staging);
            await CopyAsync(folder, staging, cancellationToken).ConfigureAwait(false);
            edit.ApplyTo(staging);
            return await DeployAsync(name, staging, DeploymentSource.Function, Commit, edit.Rollback, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            FolderNames.TryDelete(staging);
        }

        void Commit(IReadOnlyList<LiveDeployment> loaded)
        {
            check(loaded);
            if (Path.Combine(staging, RequirementsLock.FileName) is var made && File.Exists(made))
            {
                edit.Set(RequirementsLock.FileName, File.ReadAllBytes(made));
            }

            edit.Commit();
        }
    }

    private async Task<DeployResult> DeployAsync(
        string name, string directory, string source, Action<IReadOnlyList<LiveDeployment>> commit, Action rollback,
        CancellationToken cancellationToken)
    {
        var known = projects.Find(name);
        var (hadVersions, hadState) = (await services.Deployments.HasAnyAsync(name, cancellationToken).ConfigureAwait(false), services.Counters.Knows(name));
        var folder = new ProjectCandidate(name, Path.Combine(services.Options.ProjectsDirectory, name), Error: null);
        var project = known ?? await ProjectRuntime.OpenAsync(folder, services).ConfigureAwait(false);
        var isWhole = false;
        try
        {
            var result = await project.DeployAsync(directory, source, () => ProjectVariables.Read(directory), loaded =>
            {
                commit(loaded);
                projects.Add(project); // Nothing happens where it is there; the router hears of it with what is published next.
            }, cancellationToken).ConfigureAwait(false);
            isWhole = true;
            return result;
        }
        finally
        {
            if (!isWhole)
            {
                try
                {
                    rollback();
                }
                finally
                {
                    if (known is null)
                    {
                        await ForgetAsync(project, hadVersions, hadState).ConfigureAwait(false);
                    }
                }
            }
        }
    }

    // A project that there was none of before; what is left of an earlier one of its name stays.
    private async Task ForgetAsync(ProjectRuntime project, bool hadVersions, bool hadState)
    {
        projects.Remove(project.Name);
        project.Dispose();
        if (!hadState)
        {
            services.Counters.Remove(project.Name);
        }

        if (!hadVersions)
        {
            await services.Deployments.RemoveProjectAsync(project.Name, services.Stopping).ConfigureAwait(false);
        }
    }

    private async Task UnpackAsync(ReceivedArchive archive, string directory, CancellationToken cancellationToken)
    {
        using var stream = archive.Open();
        var limits = ArchiveLimits.For(services.Options.MaxUploadBytes);
        await ArchiveExtractor.ExtractAsync(stream, directory, limits, cancellationToken).ConfigureAwait(false);
    }

    private static async Task CopyAsync(string folder, string staging, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        await SourceFolder.List(folder, isSource: true).CopyAsync(staging, cancellationToken).ConfigureAwait(false);
        foreach (var name in (string[])[DotEnvFile.FileName, RequirementsLock.FileName])
        {
            if (File.Exists(Path.Combine(folder, name)))
            {
                File.Copy(Path.Combine(folder, name), Path.Combine(staging, name));
            }
        }
    }

    private static void RequireFunction(string function, IReadOnlyList<LiveDeployment> loaded)
    {
        if (!loaded.Any(each => each.Targets.ContainsKey(function)))
        {
            throw new ProjectException(
                ProjectErrorCode.BadUpload,
                $"The code defines no function '{function}'; with it the project has {string.Join(", ", loaded[0].Targets.Keys.Order(StringComparer.Ordinal))}. "
                + $"Name the class so, or add [Function(\"{function}\")].")
            {
                Field = "code",
            };
        }
    }
}

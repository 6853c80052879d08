using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>A copy of a project's source code with an edit made in it, to be deployed before the folder itself is edited. For one use.</summary>
internal sealed class EditedCopy : IFolderChange, IDisposable
{
    private readonly FolderEdit _edit;

    private EditedCopy(string directory, FolderEdit edit)
    {
        Directory = directory;
        _edit = edit;
    }

    /// <summary>Where the copy is.</summary>
    public string Directory { get; }

    /// <summary>Makes a copy.</summary>
    /// <param name="projectsDirectory">PROJECTS_DIR, beside whose folders it is made.</param>
    /// <param name="folder">The folder, there already or not.</param>
    /// <param name="edit">What is to change in it.</param>
    /// <param name="cancellationToken">Leaves nothing behind.</param>
    /// <exception cref="IOException">A file cannot be read, or the disk is full.</exception>
    public static async Task<EditedCopy> CreateAsync(string projectsDirectory, string folder, FolderEdit edit, CancellationToken cancellationToken)
    {
        var copy = new EditedCopy(FolderNames.NewStaging(projectsDirectory), edit);
        try
        {
            DiskEntry.RequireFolder(projectsDirectory);
            HostDirectory.Create(copy.Directory);
            await CopyAsync(folder, copy.Directory, cancellationToken).ConfigureAwait(false);
            edit.ApplyTo(copy.Directory);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Edits the folder; the lock of the requirements that the copy was built with goes with it.</summary>
    public void Commit()
    {
        if (Path.Combine(Directory, RequirementsLock.FileName) is var made && DiskEntry.IsFile(made))
        {
            _edit.Set(RequirementsLock.FileName, File.ReadAllBytes(made));
        }

        _edit.Commit();
    }

    public void Rollback() => _edit.Rollback();

    /// <summary>Removes the copy.</summary>
    public void Dispose() => FolderNames.TryDelete(Directory);

    private static async Task CopyAsync(string folder, string target, CancellationToken cancellationToken)
    {
        if (!DiskEntry.IsFolder(folder))
        {
            return;
        }

        await SourceFolder.List(folder, isSource: true).CopyAsync(target, cancellationToken).ConfigureAwait(false);
        foreach (var name in (string[])[DotEnvFile.FileName, RequirementsLock.FileName])
        {
            if (DiskEntry.IsFile(Path.Combine(folder, name)))
            {
                NamedFiles.Copy(Path.Combine(folder, name), Path.Combine(target, name));
            }
        }
    }
}

using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>
/// New content for a project's folder, prepared beside it and swapped in by two renames, so that the folder is whole at any time. For one use: fill
/// <see cref="Directory"/>, <see cref="CarryOver"/>, <see cref="Commit"/>, then <see cref="Complete"/> or <see cref="Rollback"/>. A host that is
/// killed in between has it put right by <see cref="Recover"/>. One at a time per project.
/// </summary>
internal sealed class FolderReplacement : IFolderChange, IDisposable
{
    private readonly FolderNames _names;
    private readonly string _staging;
    private string? _replaced;
    private bool _isCommitted;

    private FolderReplacement(FolderNames names)
    {
        _names = names;
        _staging = names.NewStaging();
    }

    /// <summary>Where the new content is put; empty at first.</summary>
    public string Directory => _staging;

    /// <summary>How a folder is renamed; a disk that fails, in tests.</summary>
    internal Action<string, string> Rename { get; set; } = NamedFiles.MoveFolder;

    /// <summary>Begins with an empty folder.</summary>
    /// <param name="projectsDirectory">PROJECTS_DIR; made at the host's start alone, so that no new one is in the place of one that is away.</param>
    /// <param name="project">Whose folder it will be, there already or not; a valid name.</param>
    /// <exception cref="IOException">The disk is full or fails; PROJECTS_DIR is not there; or what is in the folder's place cannot be read, and so
    /// not be taken over.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static FolderReplacement Create(string projectsDirectory, string project)
    {
        DiskEntry.RequireFolder(projectsDirectory);
        var names = new FolderNames(projectsDirectory, project);
        if (DiskEntry.IsFolder(names.Folder))
        {
            DiskEntry.RequireFolder(names.Folder);
        }

        names.DropReplaced();
        var replacement = new FolderReplacement(names);
        HostDirectory.Create(replacement._staging);
        return replacement;
    }

    /// <summary>Takes from the present folder what an upload usually has not: the <c>.env</c>, and the lock of the same requirements.</summary>
    /// <exception cref="IOException">A file cannot be read, or the disk is full.</exception>
    public void CarryOver()
    {
        CarryOverFile(DotEnvFile.FileName);
        if (Read(_staging, RequirementsFile.FileName).AsSpan().SequenceEqual(Read(_names.Folder, RequirementsFile.FileName)))
        {
            CarryOverFile(RequirementsLock.FileName);
        }
    }

    /// <summary>Puts the new content in the folder's place. The old one is kept beside it.</summary>
    /// <exception cref="IOException">The folder cannot be renamed, on Windows while something in it is open; it is what it was.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Commit()
    {
        // On disk before it gets the name by which it counts.
        FlushedFolder.Flush(_staging);
        if (System.IO.Directory.Exists(_names.Folder))
        {
            var replaced = _names.NewReplaced();
            Rename(_names.Folder, replaced);
            _replaced = replaced;
        }

        try
        {
            Rename(_staging, _names.Folder);
            _isCommitted = true;
        }
        finally
        {
            if (!_isCommitted)
            {
                PutBack();
            }
        }

        DurableFile.FlushDirectory(_names.ProjectsDirectory);
    }

    /// <summary>Gives up the old content.</summary>
    public void Complete()
    {
        if (_replaced is { } replaced)
        {
            _replaced = null;
            FolderNames.Drop(_names, replaced);
        }
    }

    /// <summary>Puts the old content back, or removes the folder where there was none. Nothing happens where nothing was committed.</summary>
    /// <exception cref="IOException">The folder cannot be renamed; what there is stays, and the old content beside it.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Rollback()
    {
        if (!_isCommitted)
        {
            return;
        }

        if (System.IO.Directory.Exists(_names.Folder))
        {
            Rename(_names.Folder, _staging);
        }

        _isCommitted = false;
        PutBack();
        DurableFile.FlushDirectory(_names.ProjectsDirectory);
    }

    /// <summary>Removes what is left of the new content where it was not committed, or was rolled back.</summary>
    public void Dispose() => FolderNames.TryDelete(_staging);

    /// <summary>Puts right what a host that was killed has left. Only at the start, before anything is read.</summary>
    public static void Recover(string projectsDirectory, ILogger logger) => FolderRecovery.Run(projectsDirectory, logger);

    private void PutBack()
    {
        if (_replaced is { } replaced)
        {
            Rename(replaced, _names.Folder);
            _replaced = null;
        }
    }

    private void CarryOverFile(string name)
    {
        var (present, target) = (Path.Combine(_names.Folder, name), Path.Combine(_staging, name));
        if (DiskEntry.IsFile(present) && DiskEntry.KindOf(target) == DiskEntryKind.Missing)
        {
            NamedFiles.Copy(present, target);
        }
    }

    private static byte[]? Read(string directory, string name) => SmallFile.TryRead(Path.Combine(directory, name));
}

using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>A few small files in a project's folder that change together: they are all written, or all what they were, unless the host is killed
/// between two of them; each is whole even then, and the next start deploys the folder as it is. For one use, on one thread.</summary>
/// <param name="folder">The folder; made by <see cref="Commit"/> where it is missing, and the one above it is not.</param>
internal sealed class FolderEdit(string folder) : IFolderChange
{
    private readonly SortedDictionary<string, byte[]?> _changes = new(StringComparer.Ordinal);
    private readonly Stack<(string Path, byte[]? Content)> _former = [];
    private bool _hasMadeFolder;

    /// <summary>Will give a file this content, whether it is there or not.</summary>
    /// <exception cref="ArgumentException">The name is no plain file name.</exception>
    public void Set(string name, byte[] content) => _changes[Check(name)] = content;

    /// <summary>Will remove a file, if it is there.</summary>
    /// <exception cref="ArgumentException">The name is no plain file name.</exception>
    public void Delete(string name) => _changes[Check(name)] = null;

    /// <summary>Makes the same changes in a copy of the folder, at once and for good.</summary>
    /// <exception cref="IOException">The disk is full or fails; some of them may have been made.</exception>
    public void ApplyTo(string otherFolder)
    {
        foreach (var (name, content) in _changes)
        {
            var path = Path.Combine(otherFolder, name);
            if (content is null)
            {
                File.Delete(path);
            }
            else
            {
                DurableFile.Write(path, content, isSecret: name == DotEnvFile.FileName);
            }
        }
    }

    /// <summary>Makes the changes; they are on disk once this returns.</summary>
    /// <exception cref="IOException">A file cannot be read or written; all are what they were.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Commit()
    {
        if (!DiskEntry.IsFolder(folder))
        {
            DiskEntry.RequireFolder(Path.GetDirectoryName(folder)!);
            HostDirectory.Create(folder);
            _hasMadeFolder = true;
        }

        var isWhole = false;
        try
        {
            foreach (var (name, content) in _changes)
            {
                var path = Path.Combine(folder, name);
                var former = SmallFile.TryRead(path);
                _former.Push((path, former));
                Write(path, content);
            }

            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                PutBack(goOn: true);
            }
        }
    }

    /// <summary>Makes all files what they were before <see cref="Commit"/>. Nothing happens where nothing was committed.</summary>
    /// <exception cref="IOException">A file cannot be put back; called again, this goes on with it.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Rollback() => PutBack(goOn: false);

    private void PutBack(bool goOn)
    {
        while (_former.TryPeek(out var former))
        {
            try
            {
                Restore(former.Path, former.Content);
            }
            catch (Exception exception) when (goOn && exception is IOException or UnauthorizedAccessException)
            {
                // What made the change fail is on its way to the caller, and the other files have to be put back all the same.
            }

            _former.Pop();
        }

        if (_hasMadeFolder && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
            _hasMadeFolder = false;
        }
    }

    // Not the one that could not be changed in the first place: it would fail again, and is what it was.
    private static void Restore(string path, byte[]? content)
    {
        var present = SmallFile.TryRead(path);
        if (content is null ? present is not null : present is null || !present.AsSpan().SequenceEqual(content))
        {
            Write(path, content);
        }
    }

    private static void Write(string path, byte[]? content)
    {
        if (content is not null)
        {
            DurableFile.Write(path, content, isSecret: Path.GetFileName(path) == DotEnvFile.FileName);
        }
        else if (DiskEntry.IsFile(path))
        {
            File.Delete(path);
            DurableFile.FlushDirectory(Path.GetDirectoryName(path)!);
        }
    }

    private static string Check(string name) =>
        name is not ("" or "." or "..") && !name.AsSpan().ContainsAny('/', '\\') && name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0
            ? name
            : throw new ArgumentException("The name of a file without any folder is expected.", nameof(name));
}

using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CloudFunction.Runtime.Deployments;

/// <summary>The files of a folder that belong to a deployment of it.</summary>
internal sealed class SourceFolder
{
    // A publish output has hundreds of files. Far beyond that, somebody has pointed at the wrong folder.
    private const int MaxFiles = 50_000;
    private const int BufferBytes = 128 << 10;

    private static readonly EnumerationOptions Everything = new()
    {
        // Access denied is an error to be reported, not a file to be left out.
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.None,
        RecurseSubdirectories = false,
    };

    private readonly string _realRoot;
    private readonly bool _isSource;
    private readonly SortedDictionary<string, FileInfo> _files = new(StringComparer.Ordinal);

    private SourceFolder(string root, bool isSource)
    {
        _isSource = isSource;
        _realRoot = new DirectoryInfo(root).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(root);
    }

    /// <summary>All relative paths, with <c>/</c> between folders, sorted.</summary>
    public IReadOnlyCollection<string> Names => _files.Keys;

    /// <summary>Whether an entry is none of a deployment's: environment files, what editors, version control and builds leave, and what
    /// the host writes.</summary>
    public static bool IsIgnored(ReadOnlySpan<char> name) =>
        name is ".env" or ".git" or ".gitignore" or ".vs" or ".vscode" or ".idea" or ".DS_Store" or "Thumbs.db" or "__MACOSX"
            or "requirements.lock" or "requirements.lock.tmp" or "requirements.txt.tmp"
        || name.EndsWith(".cs.tmp", StringComparison.Ordinal) // half written by the host itself
        || name.StartsWith(".env.", StringComparison.Ordinal)
        || name.StartsWith("..", StringComparison.Ordinal) // a mounted volume's own bookkeeping
        || name is ['.', '_', _, ..] // what macOS keeps beside a file where the disk has no place for it
        || IsLeftByEditor(name);

    /// <summary>Whether a folder at the top of a source project is what a build by hand has left. Deeper down, and in published projects, folders of
    /// these names are content like any other.</summary>
    public static bool IsOfBuild(ReadOnlySpan<char> name) => name is "bin" or "obj";

    // Most are gone within milliseconds: one that is listed and then cannot be opened would fail the copy of a folder that is all there.
    private static bool IsLeftByEditor(ReadOnlySpan<char> name) =>
        name is "4913" // Vim: may it create files here?
        || name.EndsWith('~') // Vim, Emacs, gedit: the backup
        || name.EndsWith(".swp", StringComparison.Ordinal)
        || (name.StartsWith('.') && Path.GetExtension(name) is [_, 's', 'w', _]) // Vim, where .swp is taken
        || name.StartsWith(".#", StringComparison.Ordinal) // Emacs: the lock
        || name is ['#', _, .., '#'] // Emacs: what is not saved yet
        || name.EndsWith("___jb_tmp___", StringComparison.Ordinal) // JetBrains: the new file before it is renamed, and the old one after
        || name.EndsWith("___jb_old___", StringComparison.Ordinal)
        || name.EndsWith(".vsctmp", StringComparison.Ordinal) // VS Code: the new file before it is renamed
        || (name.EndsWith(".tmp", StringComparison.OrdinalIgnoreCase) && name.Contains('~')) // Visual Studio: name.cs~RF1a2b3c.TMP
        || name.StartsWith(".goutputstream-", StringComparison.Ordinal); // gedit and all that saves through GLib

    /// <summary>Lists a folder. Links to files within it count as those files; all others are refused.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="isSource">Whether it holds source code: then what a build by hand has left in it is none of it.</param>
    /// <exception cref="DeploymentException">A link leads out of it or to a folder, or there are too many files.</exception>
    /// <exception cref="IOException">It cannot be read at this moment, or is changing.</exception>
    public static SourceFolder List(string root, bool isSource = false)
    {
        var folder = new SourceFolder(root, isSource);
        folder.Add(new DirectoryInfo(folder._realRoot), "");
        return folder;
    }

    /// <summary>SHA-256 over names, sizes and contents, in lower-case hexadecimal.</summary>
    /// <exception cref="IOException">A file cannot be read at this moment.</exception>
    public Task<string> HashAsync(CancellationToken cancellationToken) => ReadAsync(null, cancellationToken);

    /// <summary>Copies all files and returns the fingerprint of what was copied, which is on disk then.</summary>
    /// <exception cref="IOException">A file cannot be read at this moment, or the disk is full.</exception>
    public async Task<string> CopyAsync(string destination, CancellationToken cancellationToken)
    {
        var fingerprint = await ReadAsync(destination, cancellationToken).ConfigureAwait(false);

        // All at the end: by then most of it has been written, and one flush commits what is left of the others too.
        foreach (var name in _files.Keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var handle = File.OpenHandle(Path.Combine(destination, name), FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }

        return fingerprint;
    }

    /// <summary>What changes with the names of the files and whenever the content of one may have changed, at the cost of no reading.</summary>
    /// <param name="quietSince">No file may have changed since: one that just did may change again within the same tick of its
    /// file system's clock.</param>
    /// <returns>Null where the platform, a file system or a recent change does not let it be known.</returns>
    public string? ReadStamp(DateTimeOffset quietSince)
    {
        using var total = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> stamp = stackalloc byte[FileStamp.Length];
        foreach (var (name, file) in _files)
        {
            if (!FileStamp.TryRead(file.FullName, stamp, out var changed) || changed > quietSince)
            {
                return null;
            }

            total.AppendData(Encoding.UTF8.GetBytes(name + "\0"));
            total.AppendData(stamp);
        }

        return Convert.ToHexStringLower(total.GetHashAndReset());
    }

    private void Add(DirectoryInfo directory, string prefix)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos("*", Everything))
        {
            if (IsIgnored(entry.Name) || (_isSource && prefix.Length == 0 && entry is DirectoryInfo && IsOfBuild(entry.Name)))
            {
                continue;
            }

            var name = prefix + entry.Name;
            if (entry.LinkTarget is not null)
            {
                _files.Add(name, FollowLink(entry, name));
            }
            else if (entry is DirectoryInfo child)
            {
                Add(child, name + "/");
            }
            else
            {
                _files.Add(name, (FileInfo)entry);
            }

            if (_files.Count > MaxFiles)
            {
                throw new DeploymentException(
                    DeploymentErrorCode.Invalid, $"The folder has more than {MaxFiles} files; a deployment is the output of `dotnet publish` alone.");
            }
        }
    }

    private FileInfo FollowLink(FileSystemInfo link, string name)
    {
        var inside = _realRoot + Path.DirectorySeparatorChar;
        if (link.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target
            && RealPath(target).StartsWith(inside, StringComparison.Ordinal))
        {
            return target;
        }

        throw new DeploymentException(
            DeploymentErrorCode.Invalid, $"{name} is a link that leads out of the folder or to no file: put the file itself there.");
    }

    /// <summary>The path with the links among its folders resolved too.</summary>
    private static string RealPath(FileInfo file)
    {
        var path = file.FullName;
        for (var directory = file.Directory; directory is not null; directory = directory.Parent)
        {
            if (directory.ResolveLinkTarget(returnFinalTarget: true) is { } target)
            {
                return RealPath(new FileInfo(Path.Combine(target.FullName, Path.GetRelativePath(directory.FullName, path))));
            }
        }

        return path;
    }

    private async Task<string> ReadAsync(string? destination, CancellationToken cancellationToken)
    {
        using var total = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var head = new byte[sizeof(long)];
        try
        {
            foreach (var (name, file) in _files)
            {
                var target = destination is null ? null : Path.Combine(destination, name);
                var length = await ReadAsync(file, target, content, buffer, cancellationToken).ConfigureAwait(false);
                total.AppendData(Encoding.UTF8.GetBytes(name + "\0"));
                BinaryPrimitives.WriteInt64LittleEndian(head, length);
                total.AppendData(head);
                total.AppendData(content.GetHashAndReset());
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(total.GetHashAndReset());
    }

    private static async Task<long> ReadAsync(FileInfo file, string? target, IncrementalHash hash, byte[] buffer, CancellationToken cancellationToken)
    {
        using var output = target is null ? null : Create(file, target);

        // Pipes, sockets and devices have no length either, and opening one could block for ever: each becomes an empty file.
        if (file.Length == 0)
        {
            return 0;
        }

        using var input = new FileStream(
            file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        long length = 0;
        int read;
        while ((read = await input.ReadAsync(buffer.AsMemory(0, BufferBytes), cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            length += read;
            if (output is not null)
            {
                await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }

        return length;
    }

    private static FileStream Create(FileInfo source, string target)
    {
        HostDirectory.Create(Path.GetDirectoryName(target)!);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            // A native tool among the files stays executable; the owner has to be able to delete them again.
            options.UnixCreateMode = source.UnixFileMode | UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(target, options);
    }
}

namespace CloudFunction.Runtime.Configuration;

/// <summary>Finds out in which of the host's folders an I/O error occurred, so that a caller gets the setting's name and not the path.</summary>
internal sealed class StorageFolders
{
    // EROFS, EBUSY, ETXTBSY, ENOTDIR, EISDIR and EEXIST as .NET hands them over, the same numbers on Linux and macOS; and ERROR_ALREADY_EXISTS,
    // ERROR_FILE_EXISTS, ERROR_WRITE_PROTECT, ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION.
    private const int ReadOnlyFileSystem = 30;
    private const int Busy = 16;
    private const int TextBusy = 26;
    private const int NotAFolder = 20;
    private const int IsAFolder = 21;
    private const int Exists = 17;
    private const int WindowsExists = unchecked((int)0x800700B7);
    private const int WindowsFileExists = unchecked((int)0x80070050);
    private const int WindowsWriteProtect = unchecked((int)0x80070013);
    private const int WindowsSharing = unchecked((int)0x80070020);
    private const int WindowsLock = unchecked((int)0x80070021);

    private readonly (string? Setting, string Path)[] _folders;

    /// <param name="options">The settings that name folders.</param>
    /// <param name="contentRoot">The host's own folder, which no setting names; null for none.</param>
    public StorageFolders(CloudFunctionOptions options, string? contentRoot = null)
    {
        (string? Setting, string Path)[] folders =
        [
            ("DATA_DIR", options.DataDirectory), ("DEPLOYMENTS_DIR", options.DeploymentsDirectory), ("LOG_DIR", options.LogDirectory),
            ("CONFIG_DIR", options.ConfigDirectory), ("PROJECTS_DIR", options.ProjectsDirectory),
            .. contentRoot is null ? [] : ((string? Setting, string Path)[])[(null, contentRoot)],
        ];

        // One may lie within another: the innermost is meant.
        _folders =
        [
            .. folders.Select(folder => (folder.Setting, Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path))))
                .OrderByDescending(folder => folder.Item2.Length),
        ];
    }

    /// <summary>Which I/O error an exception is or comes from; null where it comes from none.</summary>
    public StorageFailure? Find(Exception failure)
    {
        StorageFailure? found = null;
        for (Exception? exception = failure; exception is not null; exception = exception.InnerException)
        {
            switch (exception)
            {
                case StorageFullException full:
                    return new StorageFailure(StorageFault.Full, full.Folder, null);
                case IOException error when StorageFullException.Is(error):
                    return Locate(StorageFault.Full, error.Message);
                case IOException error:
                    found ??= Locate(FaultOf(error), error.Message);
                    break;
                case UnauthorizedAccessException:
                    found ??= Locate(StorageFault.NoPermission, exception.Message);
                    break;
            }
        }

        return found;
    }

    private static StorageFault FaultOf(IOException error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => StorageFault.Missing,
        DamagedRecordException => StorageFault.Damaged,
        WrongEntryException or { HResult: NotAFolder or IsAFolder or Exists or WindowsExists or WindowsFileExists } => StorageFault.InTheWay,
        { HResult: ReadOnlyFileSystem or WindowsWriteProtect } => StorageFault.ReadOnly,
        { HResult: Busy or TextBusy or WindowsSharing or WindowsLock } => StorageFault.InUse,
        _ => StorageFault.Failed,
    };

    // The framework's exceptions name the file in their message alone, in quotes. What names none was building, or the system's temporary folder.
    private StorageFailure Locate(StorageFault fault, string message)
    {
        foreach (var (setting, folder) in _folders)
        {
            for (var at = message.IndexOf(folder, StringComparison.Ordinal); at >= 0; at = message.IndexOf(folder, at + 1, StringComparison.Ordinal))
            {
                var rest = message.AsSpan(at + folder.Length);
                if (rest is [] or ['\'' or '"', ..])
                {
                    return new StorageFailure(fault, setting, null);
                }

                if (rest[0] == Path.DirectorySeparatorChar)
                {
                    var end = rest.IndexOfAny('\'', '"');
                    var path = (end < 0 ? rest : rest[..end])[1..].ToString();
                    return new StorageFailure(fault, setting, path.Replace(Path.DirectorySeparatorChar, '/'));
                }
            }
        }

        return new StorageFailure(fault, null, null);
    }
}

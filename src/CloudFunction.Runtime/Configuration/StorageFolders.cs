namespace CloudFunction.Runtime.Configuration;

/// <summary>Finds out of which of the host's folders the disk is full, so that a caller gets the setting's name and not the path.</summary>
internal sealed class StorageFolders
{
    private readonly (string Setting, string Path)[] _folders;

    public StorageFolders(CloudFunctionOptions options)
    {
        (string Setting, string Path)[] folders =
        [
            ("DATA_DIR", options.DataDirectory), ("DEPLOYMENTS_DIR", options.DeploymentsDirectory), ("LOG_DIR", options.LogDirectory),
            ("CONFIG_DIR", options.ConfigDirectory), ("PROJECTS_DIR", options.ProjectsDirectory),
        ];

        // One may lie within another: the innermost is meant.
        _folders = [.. folders.Select(folder => (folder.Setting, Path.GetFullPath(folder.Path))).OrderByDescending(folder => folder.Item2.Length)];
    }

    /// <summary>Which folder of a full disk a failure comes from; null where it comes from none.</summary>
    public StorageFullException? Find(Exception failure)
    {
        for (Exception? exception = failure; exception is not null; exception = exception.InnerException)
        {
            switch (exception)
            {
                case StorageFullException full:
                    return full;
                case IOException error when StorageFullException.Is(error):
                    return new StorageFullException(FolderOf(error.Message), error);
            }
        }

        return null;
    }

    // The framework's exceptions name the file in their message alone. What names none was building, or the system's temporary folder.
    private string FolderOf(string message) =>
        _folders.FirstOrDefault(folder => message.Contains(folder.Path, StringComparison.Ordinal)).Setting ?? "the host";
}

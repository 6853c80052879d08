namespace CloudFunction.Runtime.Configuration;

/// <summary>Makes the directories that settings name.</summary>
internal static class SettingsDirectories
{
    /// <summary>Makes those that are missing, and checks that the host can read the projects and write its own.</summary>
    /// <returns>The settings whose disks are full: what needs no room there goes on.</returns>
    /// <exception cref="SettingsException">It cannot; all such settings are named.</exception>
    public static IReadOnlyList<string> Prepare(EffectiveSettings settings)
    {
        List<string> errors = [];
        List<string> full = [];
        Check("PROJECTS_DIR", settings.Options.ProjectsDirectory, Read);
        Check("DEPLOYMENTS_DIR", settings.Options.DeploymentsDirectory, StorageProbe.Write);
        Check("DATA_DIR", settings.Options.DataDirectory, StorageProbe.Write);
        Check("LOG_DIR", settings.Options.LogDirectory, StorageProbe.Write);
        Check("CONFIG_DIR", settings.Options.ConfigDirectory, Read);
        if (errors.Count > 0)
        {
            throw new SettingsException(errors);
        }

        return full;

        void Check(string name, string directory, Action<string> use)
        {
            try
            {
                HostDirectory.Create(directory);
                use(directory);
            }
            catch (IOException exception) when (StorageFullException.Is(exception))
            {
                full.Add(name);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                errors.Add($"{settings.GetWrittenName(name)}: {directory} cannot be used ({exception.Message}); allowed is a directory that this "
                    + $"user may {(use == StorageProbe.Write ? "write to" : "read")}.");
            }
        }
    }

    // It need not be writable; but where it is, uploads and edits will want room there.
    private static void Read(string directory)
    {
        _ = Directory.EnumerateFileSystemEntries(directory).Any();
        try
        {
            StorageProbe.Write(directory);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException
            || (exception is IOException error && !StorageFullException.Is(error)))
        {
            // A read-only one serves what is in it.
        }
    }
}

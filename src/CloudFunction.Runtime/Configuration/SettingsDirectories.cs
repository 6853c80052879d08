namespace CloudFunction.Runtime.Configuration;

/// <summary>Makes the directories that settings name.</summary>
internal static class SettingsDirectories
{
    /// <summary>Makes those that are missing, and sees that the host can read the projects and write its own.</summary>
    /// <exception cref="SettingsException">It cannot; all such settings are named.</exception>
    public static void Prepare(EffectiveSettings settings)
    {
        List<string> errors = [];
        Check("PROJECTS_DIR", settings.Options.ProjectsDirectory, Read);
        Check("DEPLOYMENTS_DIR", settings.Options.DeploymentsDirectory, Write);
        Check("DATA_DIR", settings.Options.DataDirectory, Write);
        Check("LOG_DIR", settings.Options.LogDirectory, Write);
        Check("CONFIG_DIR", settings.Options.ConfigDirectory, Read);
        if (errors.Count > 0)
        {
            throw new SettingsException(errors);
        }

        void Check(string name, string directory, Action<string> use)
        {
            try
            {
                Directory.CreateDirectory(directory);
                use(directory);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                errors.Add($"{settings.GetWrittenName(name)}: {directory} cannot be used ({exception.Message}); allowed is a directory that this user may {(use == Write ? "write to" : "read")}.");
            }
        }
    }

    private static void Read(string directory) => _ = Directory.EnumerateFileSystemEntries(directory).Any();

    private static void Write(string directory)
    {
        // A name of its own, so that two hosts that start at once do not meet.
        var probe = Path.Combine(directory, $".probe-{Guid.NewGuid():N}");
        using (File.Create(probe, 1, FileOptions.DeleteOnClose))
        {
        }
    }
}

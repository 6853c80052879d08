using CloudFunction.Runtime.Deployments;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Puts right what replacements of folders have left that were cut short.</summary>
internal static partial class FolderRecovery
{
    /// <summary>Content whose project has no folder becomes that again; all other is removed. What fails is logged, and the rest done.</summary>
    /// <param name="projectsDirectory">PROJECTS_DIR; nothing happens where there is none.</param>
    /// <param name="logger">Where to log what was put back, and what could not be.</param>
    public static void Run(string projectsDirectory, ILogger logger)
    {
        if (!Directory.Exists(projectsDirectory))
        {
            return;
        }

        // The latest first: an earlier one that could not be removed at its time is not what the folder held last.
        var folders = Directory.GetDirectories(projectsDirectory, ".*").OrderDescending(StringComparer.Ordinal).ToList();
        foreach (var folder in folders)
        {
            if (FolderNames.FindReplaced(Path.GetFileName(folder)) is { } project)
            {
                Settle(new FolderNames(projectsDirectory, project), folder, logger);
            }
        }

        // Once more from the disk, for what was given up just now.
        foreach (var folder in Directory.GetDirectories(projectsDirectory, ".*").Where(folder => FolderNames.IsStaging(Path.GetFileName(folder))))
        {
            if (!FolderNames.TryDelete(folder))
            {
                LogNotRemoved(logger, folder);
            }
        }
    }

    private static void Settle(FolderNames names, string replaced, ILogger logger)
    {
        if (Path.Exists(names.Folder))
        {
            FolderNames.Drop(names, replaced);
            return;
        }

        try
        {
            NamedFiles.MoveFolder(replaced, names.Folder);
            LogPutBack(logger, names.Project);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotPutBack(logger, exception, names.Project, replaced);
        }
    }
}

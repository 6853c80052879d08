using System.Runtime.Versioning;
using CloudFunction.Protocol;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>How the host calls the folders that it makes beside a project's: they begin with a dot, and so are no projects, and
/// end with 32 digits, so that what an operator has made there is none of them, and that the project's name between is clear
/// whatever it holds.</summary>
/// <param name="ProjectsDirectory">PROJECTS_DIR.</param>
/// <param name="Project">Whose; a valid name.</param>
internal sealed record FolderNames(string ProjectsDirectory, string Project)
{
    private const string StagingPrefix = ".staging-";
    private const string ReplacedPrefix = ".replaced-";
    private const int IdLength = 32;

    /// <summary>The project's own folder.</summary>
    public string Folder => Path.Combine(ProjectsDirectory, Project);

    /// <summary>A name for content that is not whole yet, or no longer wanted.</summary>
    public string NewStaging() => NewStaging(ProjectsDirectory);

    /// <summary>A name for the content that another takes the place of. Later ones come after earlier ones.</summary>
    public string NewReplaced() => Path.Combine(ProjectsDirectory, $"{ReplacedPrefix}{Project}-{Guid.CreateVersion7():N}");

    /// <summary>Whether a folder's name is one of <see cref="NewStaging()"/>.</summary>
    public static bool IsStaging(string name) =>
        name.Length == StagingPrefix.Length + IdLength
        && name.StartsWith(StagingPrefix, StringComparison.Ordinal)
        && IsId(name.AsSpan(StagingPrefix.Length));

    /// <summary>Which project a folder belonged to that has a name of <see cref="NewReplaced"/>; null for any other.</summary>
    public static string? FindReplaced(string name)
    {
        var length = name.Length - ReplacedPrefix.Length - IdLength - 1;
        return length > 0
            && name.StartsWith(ReplacedPrefix, StringComparison.Ordinal)
            && name[^(IdLength + 1)] == '-'
            && IsId(name.AsSpan()[^IdLength..])
            && name.Substring(ReplacedPrefix.Length, length) is var project && NameRule.IsValid(project)
            ? project
            : null;
    }

    /// <summary>Gives up the content of earlier replacements that could not be removed. It must not come back once the project's
    /// folder is gone.</summary>
    public void DropReplaced()
    {
        if (Directory.Exists(Folder))
        {
            foreach (var left in Directory.GetDirectories(ProjectsDirectory, $"{ReplacedPrefix}{Project}-*"))
            {
                if (FindReplaced(Path.GetFileName(left)) == Project)
                {
                    Drop(this, left);
                }
            }
        }
    }

    /// <summary>Removes replaced content, as far as it goes.</summary>
    public static void Drop(FolderNames names, string folder)
    {
        try
        {
            // Renamed first: half of it must never be taken for the whole and put back.
            var dropped = names.NewStaging();
            Directory.Move(folder, dropped);
            TryDelete(dropped);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // In use, on Windows: the next replacement or the next start tries again.
        }
    }

    /// <summary>Removes a folder that nobody will miss.</summary>
    public static bool TryDelete(string folder)
    {
        try
        {
            if (DiskEntry.IsFolder(folder))
            {
                Delete(folder);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // The next start tries again.
        }
    }

    /// <summary>The same for any project.</summary>
    public static string NewStaging(string projectsDirectory) => Path.Combine(projectsDirectory, StagingPrefix + Guid.NewGuid().ToString("N"));

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (UnauthorizedAccessException) when (!OperatingSystem.IsWindows())
        {
            Admit(new DirectoryInfo(folder));
            Directory.Delete(folder, recursive: true);
        }
    }

    // A folder that was put here without the rights to list or change it: its owner may give them. Left here, it would keep the system from reporting
    // changes of all others.
    [UnsupportedOSPlatform("windows")]
    private static void Admit(DirectoryInfo folder)
    {
        folder.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var child in folder.EnumerateDirectories("*", new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            Admit(child);
        }
    }

    private static bool IsId(ReadOnlySpan<char> text) => Guid.TryParseExact(text, "N", out _);
}

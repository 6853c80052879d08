using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>Which paths below PROJECTS_DIR count as a change of a folder.</summary>
internal static class WatchedPath
{
    /// <summary>Whether a change of this entry of a folder counts. What is none of a deployment's never does; a folder's own <c>.env</c> does, for
    /// it is read at every start.</summary>
    /// <param name="name">The name alone.</param>
    /// <param name="isAtTop">Whether it lies in the folder itself, not in one below.</param>
    /// <param name="isSource">Whether the folder holds source code, so that what builds leave in it does not count.</param>
    public static bool Counts(ReadOnlySpan<char> name, bool isAtTop, bool isSource) =>
        (isAtTop && name is ".env") || (!(isSource && isAtTop && SourceFolder.IsOfBuild(name)) && !SourceFolder.IsIgnored(name));

    /// <summary>The folder that a path below PROJECTS_DIR is of; null where it is hidden or its change does not count.</summary>
    /// <param name="path">Relative to PROJECTS_DIR.</param>
    /// <param name="holdsSource">Whether a folder holds source code; asked where something changes that a build may have left.</param>
    /// <param name="isFolder">Whether it is the folder itself, or a file beside the folders: only the disk shows which.</param>
    public static string? FindFolder(ReadOnlySpan<char> path, Func<string, bool> holdsSource, out bool isFolder)
    {
        var end = IndexOfSeparator(path);
        isFolder = end < 0;
        var folder = isFolder ? path : path[..end];
        if (folder.IsEmpty || folder.StartsWith('.'))
        {
            return null;
        }

        var rest = isFolder ? [] : path[(end + 1)..];
        for (var isAtTop = true; !rest.IsEmpty; isAtTop = false)
        {
            end = IndexOfSeparator(rest);
            var name = end < 0 ? rest : rest[..end];
            if (!Counts(name, isAtTop, isSource: isAtTop && SourceFolder.IsOfBuild(name) && holdsSource(folder.ToString())))
            {
                return null;
            }

            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return folder.ToString();
    }

    private static int IndexOfSeparator(ReadOnlySpan<char> path) => path.IndexOfAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
}

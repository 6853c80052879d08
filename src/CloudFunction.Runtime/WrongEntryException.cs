namespace CloudFunction.Runtime;

/// <summary>At the path of a file or folder is something else, which somebody has to remove. The message names the path.</summary>
/// <param name="path">The path.</param>
/// <param name="found">What is there.</param>
internal sealed class WrongEntryException(string path, DiskEntryKind found) : IOException($"'{path}' is {Describe(found)}.")
{
    /// <summary>What is there, for people.</summary>
    public string Found { get; } = Describe(found);

    private static string Describe(DiskEntryKind found) => found switch
    {
        DiskEntryKind.Folder => "a folder, not a file",
        DiskEntryKind.Special => "not a regular file but a pipe, a socket or a device",
        _ => "a file, not a folder",
    };
}

namespace CloudFunction.Runtime.Deployments;

/// <summary>Moves and copies as the framework does, whose errors name no path where it is not the rights that are missing.</summary>
internal static class NamedFiles
{
    /// <summary>Renames a folder.</summary>
    /// <exception cref="IOException">It cannot be renamed; the message names it.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void MoveFolder(string source, string target)
    {
        try
        {
            Directory.Move(source, target);
        }
        catch (IOException exception) when (!exception.Message.Contains('\'', StringComparison.Ordinal))
        {
            // It is the other folder that needs room for one more name.
            throw Named(exception, StorageFullException.Is(exception) ? target : source);
        }
    }

    /// <summary>Copies a file to where there is none.</summary>
    /// <exception cref="IOException">The file cannot be read, or the disk is full; the message names the copy. What there is of it stays.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Copy(string source, string target)
    {
        try
        {
            File.Copy(source, target);
        }
        catch (IOException exception) when (!exception.Message.Contains('\'', StringComparison.Ordinal))
        {
            throw Named(exception, target);
        }
    }

    private static IOException Named(IOException exception, string path) => new($"{exception.Message} : '{path}'", exception)
    {
        HResult = exception.HResult,
    };
}

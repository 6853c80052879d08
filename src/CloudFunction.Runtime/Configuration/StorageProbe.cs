namespace CloudFunction.Runtime.Configuration;

/// <summary>Finds out whether something can be written to a folder now.</summary>
internal static class StorageProbe
{
    // A page: less than any host writes in its first second.
    private const int Bytes = 4096;

    /// <summary>Writes a file that goes at once.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static void Write(string directory) => Write(directory, Bytes);

    /// <summary>Whether there is room for what a store begins with: the index of its log.</summary>
    /// <returns>True also where something else than room is missing.</returns>
    public static bool HasRoom(string directory)
    {
        try
        {
            Write(directory, 32 * Bytes);
            return true;
        }
        catch (IOException exception) when (StorageFullException.Is(exception))
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static void Write(string directory, int bytes)
    {
        // A name of its own, so that two hosts that start at once do not meet.
        var probe = Path.Combine(directory, $".probe-{Guid.NewGuid():N}");
        using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        file.Write(new byte[bytes]); // A file alone may still fit a disk that is full.
    }
}

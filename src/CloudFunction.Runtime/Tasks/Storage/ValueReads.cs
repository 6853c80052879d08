using CloudFunction.Runtime.Bodies;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>Reads pieces of the large values' files: so many at a time, each file open for its piece alone. So the descriptors that it
/// takes have a bound, however many clients are sent values, and however slowly they take them. Thread safe.</summary>
internal static class ValueReads
{
    /// <summary>How many are read at a time.</summary>
    public const int AtOnce = 16;

    private static readonly SemaphoreSlim Places = new(AtOnce, AtOnce);

    /// <summary>Reads pieces of one file, which has to be as long as when it was stored.</summary>
    public static ReadPiece Of(string path, long length) =>
        (buffer, position, cancellationToken) => ReadAsync(path, length, buffer, position, cancellationToken);

    private static async ValueTask<int> ReadAsync(string path, long length, Memory<byte> buffer, long position, CancellationToken cancellationToken)
    {
        await Places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Deleting goes on beside it, on Windows too.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous);
            if (RandomAccess.GetLength(file) != length)
            {
                throw new StoredValueGoneException(
                    $"The task store's file '{path}' is not as long as what was stored there. Put a backup of the task store and its "
                    + "blobs in their place.");
            }

            return await RandomAccess.ReadAsync(file, buffer, position, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StoredValueGoneException($"The task store's file '{path}' is gone.", exception);
        }
        finally
        {
            Places.Release();
        }
    }
}

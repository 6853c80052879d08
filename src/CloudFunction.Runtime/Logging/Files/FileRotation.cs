using System.Globalization;

namespace CloudFunction.Runtime.Logging.Files;

/// <summary>Moves a full file out of the way: <c>app.log</c> becomes <c>app.log.1</c>, which is always the newest.</summary>
internal static class FileRotation
{
    /// <summary>Renames the file and those before it; the oldest beyond <paramref name="backupCount"/> go.</summary>
    /// <param name="path">The file. On Windows it must not be open without <see cref="FileShare.Delete"/>, nor may its predecessors.</param>
    /// <param name="backupCount">How many predecessors are kept, at least one.</param>
    /// <returns>False where one cannot be renamed now: then the file is still in its place, and nothing was lost.</returns>
    public static bool TryRotate(string path, int backupCount)
    {
        try
        {
            for (var beyond = backupCount + 1; File.Exists(Predecessor(path, beyond)); beyond++)
            {
                File.Delete(Predecessor(path, beyond));
            }

            // Only up to the first gap, which a rotation that failed half-way may have left: filling it costs no older file.
            var end = 1;
            while (end < backupCount && File.Exists(Predecessor(path, end)))
            {
                end++;
            }

            for (var number = end; number > 1; number--)
            {
                File.Move(Predecessor(path, number - 1), Predecessor(path, number), overwrite: true);
            }

            File.Move(path, Predecessor(path, 1), overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // On Windows: somebody reads one of them and does not let it be renamed.
        }
    }

    private static string Predecessor(string path, int number) => $"{path}.{number.ToString(CultureInfo.InvariantCulture)}";
}

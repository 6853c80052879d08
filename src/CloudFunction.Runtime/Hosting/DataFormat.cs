using System.Globalization;
using System.Text;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Hosting;

/// <summary>
/// Which format the files of DATA_DIR and of DEPLOYMENTS_DIR have, as a number in a file <c>format</c> in each. It rises once a host writes
/// what those before it would read wrongly, so that they refuse it. The task store beside them has a number of its own.
/// </summary>
internal static class DataFormat
{
    /// <summary>What this host reads and writes. Folders with no number are of a host before there was one, and read as they are.</summary>
    public const int Current = 1;

    private const string FileName = "format";

    /// <summary>Checks that this host can read what is there; changes nothing.</summary>
    /// <exception cref="DataFormatException">A newer host wrote it, or the number cannot be read.</exception>
    public static void Check(CloudFunctionOptions options)
    {
        foreach (var (setting, directory) in DirectoriesOf(options))
        {
            _ = Read(setting, directory);
        }
    }

    /// <summary>Writes the number where an older one is, or none.</summary>
    /// <exception cref="IOException">It cannot be written, and not because the disk is full.</exception>
    public static void Mark(CloudFunctionOptions options)
    {
        foreach (var (setting, directory) in DirectoriesOf(options))
        {
            if (Read(setting, directory) < Current)
            {
                try
                {
                    DurableFile.Write(
                        Path.Combine(directory, FileName), Encoding.ASCII.GetBytes(Current.ToString(CultureInfo.InvariantCulture) + "\n"));
                }
                catch (IOException exception) when (StorageFullException.Is(exception))
                {
                    // Nothing can be written there that an older host could read wrongly; the next start marks it.
                }
            }
        }
    }

    private static (string Setting, string Directory)[] DirectoriesOf(CloudFunctionOptions options) =>
        [("DATA_DIR", options.DataDirectory), ("DEPLOYMENTS_DIR", options.DeploymentsDirectory)];

    private static int Read(string setting, string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            return 0;
        }

        var text = File.ReadAllText(path).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var format))
        {
            throw new DataFormatException(
                $"{setting}: '{path}' does not hold the number of a format. Put back the one from a backup; nothing was changed.");
        }

        return format <= Current ? format : throw new DataFormatException(
            $"{setting}: '{directory}' was written by a newer host (format {format}; this one reads up to {Current}). Run that host, or restore a "
            + "backup from before it; nothing was changed.");
    }
}

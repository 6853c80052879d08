using System.Diagnostics;

namespace TaskStore;

/// <summary>The floor: a page written over in place and flushed to the disk, one at a time, which is what a small commit comes down to.</summary>
internal static class BareFlush
{
    /// <summary>Flushes a second.</summary>
    public static double Measure(int flushes)
    {
        var path = Path.GetTempFileName();
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            var page = new byte[4096];
            for (var i = 0; i < flushes; i++)
            {
                file.Write(page); // Growing a file costs more than writing over it, which is what the store's log does most of the time.
            }

            file.Flush(flushToDisk: true);
            file.Position = 0;
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < flushes; i++)
            {
                file.Write(page);
                file.Flush(flushToDisk: true);
            }

            return flushes / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        finally
        {
            File.Delete(path);
        }
    }
}

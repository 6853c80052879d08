using System.Diagnostics;

namespace CloudFunction.ProcessTests.Storage;

/// <summary>A folder with a disk of its own of a few megabytes, in memory.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Filler => Path.Combine(_folder, ".filler");

    /// <summary>Puts one in a folder's place; skips the test where this user may not.</summary>
    public static SmallDisk Mount(string folder, int megabytes)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Needs tmpfs.");
        Directory.CreateDirectory(folder);
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700", "tmpfs", folder), "A tmpfs cannot be mounted here.");
        return new SmallDisk(folder);
    }

    /// <summary>Leaves no room.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var bytes in (int[])[64 * 1024, 4096, 1])
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[bytes]);
                }
            }
            catch (IOException)
            {
                // That much no longer fits.
            }
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(Filler);

    /// <summary>Lets nothing be written, or again. What is open for writing has to be closed before.</summary>
    public void Remount(bool isReadOnly) =>
        Assert.True(Run("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", _folder), $"{_folder} cannot be mounted anew.");

    public void Dispose() => Run("umount", "-l", _folder);

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

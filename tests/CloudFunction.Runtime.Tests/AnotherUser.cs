using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace CloudFunction.Runtime.Tests;

/// <summary>Does something to files as a user who has no rights to them, also where the tests are root's, who may do everything.</summary>
internal static partial class AnotherUser
{
    private const int Nobody = 65534;

    /// <summary>Runs something with the rights of nobody; where the tests are no root's, with those of their own user, who has to take some
    /// away.</summary>
    /// <param name="act">What to do, on this one thread: it may not wait for others.</param>
    public static void Run(Action act)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Needs the file system user of a thread, which only Linux has.");
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            // Of this thread alone, which ends with it; see setfsuid(2), which drops the rights of root over files with it.
            _ = SetFileSystemUser(Nobody);
            failure = Record.Exception(act);
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Lets everybody into a folder of the tests, and nobody change it.</summary>
    public static void Admit(string folder) => SetMode(folder, "755");

    /// <summary>Gives a file or folder a mode, in octal digits.</summary>
    public static void SetMode(string path, string octal)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octal, 8));
        }
    }

    /// <summary>Makes a named pipe, which blocks whoever opens it.</summary>
    public static string MakePipe(string path)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Needs named pipes in the file system.");
        Assert.Equal(0, MakeFifo(path, Convert.ToInt32("666", 8)));
        return path;
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(int user);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, int mode);
}

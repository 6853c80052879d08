using System.Net.Sockets;

namespace CloudFunction.Runtime.Tests.Workers;

[Collection(nameof(EnvironmentOfTheProcess))]
public sealed class SocketDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Create_IsTheUsersOwnAndASocketFits()
    {
        using var sockets = SocketDirectories.Create(_directory.Combine("run", "record"));
        Bind(sockets.SocketPath);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(sockets.Root));
        }
    }

    [Fact]
    public void Create_AfterAnUncleanEnd_ClearsWhatWasLeft()
    {
        var record = _directory.Combine("record");
        var left = SocketDirectories.Create(record); // Never disposed of, as if killed.
        File.WriteAllText(left.SocketPath, "stale");
        using var sockets = SocketDirectories.Create(record);
        Assert.False(Directory.Exists(left.Root));
        Assert.NotEqual(left.Root, sockets.Root);
    }

    [Fact]
    public void Create_RecordNamesSomethingElse_LeavesThatAlone()
    {
        var precious = _directory.Write("precious/file", "x");
        var record = _directory.Write("record", Path.GetDirectoryName(precious)!);
        using var sockets = SocketDirectories.Create(record);
        Assert.True(File.Exists(precious));
    }

    [Fact]
    public void Dispose_LeavesNothing()
    {
        var record = _directory.Combine("record");
        var sockets = SocketDirectories.Create(record);
        sockets.Dispose();
        Assert.False(Directory.Exists(sockets.Root) || File.Exists(record));
    }

    [SkippableTheory]
    [InlineData('x', 90)]
    [InlineData('漢', 30)] // Short in characters, too long in bytes.
    public void Create_TemporaryFolderTooLongForASocket_ChoosesAShortOne(char letter, int count)
    {
        Skip.If(OperatingSystem.IsWindows(), "TMPDIR names no folder on Windows.");

        var before = Environment.GetEnvironmentVariable("TMPDIR");
        try
        {
            Environment.SetEnvironmentVariable("TMPDIR", Directory.CreateDirectory(_directory.Combine(new string(letter, count))).FullName);
            using var sockets = SocketDirectories.Create(_directory.Combine("record"));
            Bind(sockets.SocketPath);
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", before);
        }
    }

    private static void Bind(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
    }
}

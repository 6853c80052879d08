namespace CloudFunction.Runtime.Tests;

/// <summary>Null is a file that is not there, and nothing else is.</summary>
public sealed class SmallFileTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public SmallFileTests() => AnotherUser.Admit(_folder.Path);

    public void Dispose()
    {
        if (Directory.Exists(_folder.Combine("closed")))
        {
            AnotherUser.SetMode(_folder.Combine("closed"), "700");
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData("file")]
    [InlineData("no/such/folder/file")]
    [InlineData("other/file")] // A file is in the place of the folder.
    public void TryRead_NothingThere_IsNull(string path)
    {
        _folder.Write("other", "");

        Assert.Null(SmallFile.TryRead(_folder.Combine(path.Split('/'))));
        Assert.False(DiskEntry.IsFolder(_folder.Combine(path.Split('/'))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    public void TryRead_AFile_IsItsContent(string content)
    {
        _folder.Write("file", content);

        Assert.Equal(content, System.Text.Encoding.UTF8.GetString(SmallFile.TryRead(_folder.Combine("file"))!));
        Assert.Equal(Math.Min(content.Length, 3), SmallFile.TryRead(_folder.Combine("file"), maxBytes: 2)!.Length);
        Assert.Throws<WrongEntryException>(() => DiskEntry.IsFolder(_folder.Combine("file")));
    }

    [Fact]
    public void TryRead_AFolder_IsRefusedByItsPath()
    {
        Directory.CreateDirectory(_folder.Combine("file"));

        var error = Assert.Throws<WrongEntryException>(() => SmallFile.TryRead(_folder.Combine("file")));

        Assert.Equal($"'{_folder.Combine("file")}' is a folder, not a file.", error.Message);
        Assert.True(DiskEntry.IsFolder(_folder.Combine("file")));
    }

    /// <summary>Opening a pipe would block until somebody writes to it, and a device may do anything.</summary>
    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryRead_APipeOrADevice_IsRefusedAndNotOpened(bool isDevice)
    {
        var path = isDevice ? "/dev/zero" : AnotherUser.MakePipe(_folder.Combine("file"));
        Skip.IfNot(OperatingSystem.IsLinux(), "Needs the device files of Linux.");
        File.CreateSymbolicLink(_folder.Combine("link"), path);

        Assert.Contains("not a regular file", Assert.Throws<WrongEntryException>(() => SmallFile.TryRead(path)).Message, StringComparison.Ordinal);
        Assert.Throws<WrongEntryException>(() => SmallFile.TryRead(_folder.Combine("link")));
        Assert.Throws<WrongEntryException>(() => DiskEntry.IsFolder(path));
    }

    [SkippableFact]
    public void TryRead_ALink_IsWhatItLeadsTo()
    {
        Skip.If(OperatingSystem.IsWindows(), "Links need rights there.");
        _folder.Write("file", "text");
        File.CreateSymbolicLink(_folder.Combine("link"), _folder.Combine("file"));
        File.CreateSymbolicLink(_folder.Combine("broken"), _folder.Combine("gone"));

        Assert.Equal(4, SmallFile.TryRead(_folder.Combine("link"))!.Length);
        Assert.ThrowsAny<IOException>(() => SmallFile.TryRead(_folder.Combine("broken")));
    }

    [SkippableTheory]
    [InlineData("000", "600")]
    [InlineData("444", "600")] // May be listed, and nothing in it be reached.
    [InlineData("755", "000")]
    public void TryRead_NoRights_IsAnErrorThatNamesThePath(string folderMode, string fileMode)
    {
        var path = _folder.Write("closed/file", "text");
        AnotherUser.SetMode(path, fileMode);
        AnotherUser.SetMode(_folder.Combine("closed"), folderMode);

        AnotherUser.Run(() =>
        {
            Assert.Contains(path, Assert.Throws<UnauthorizedAccessException>(() => SmallFile.TryRead(path)).Message, StringComparison.Ordinal);
            if (folderMode != "755")
            {
                Assert.Throws<UnauthorizedAccessException>(() => DiskEntry.IsFile(path));
                Assert.Throws<UnauthorizedAccessException>(() => DiskEntry.IsFolder(path));
                Assert.Throws<UnauthorizedAccessException>(() => SmallFile.TryRead(_folder.Combine("closed", "gone")));
            }
        });
    }

    [SkippableFact]
    public void RequireFolder_AnythingButOneThatCanBeListed_IsAnErrorThatNamesIt()
    {
        Directory.CreateDirectory(_folder.Combine("open"));
        AnotherUser.SetMode(_folder.Combine("open"), "755");
        Directory.CreateDirectory(_folder.Combine("closed"));
        AnotherUser.SetMode(_folder.Combine("closed"), "300");
        _folder.Write("file", "");

        DiskEntry.RequireFolder(_folder.Combine("open"));
        Assert.Contains(
            _folder.Combine("gone"),
            Assert.Throws<DirectoryNotFoundException>(() => DiskEntry.RequireFolder(_folder.Combine("gone"))).Message,
            StringComparison.Ordinal);
        Assert.Throws<WrongEntryException>(() => DiskEntry.RequireFolder(_folder.Combine("file")));
        AnotherUser.Run(() => Assert.Throws<UnauthorizedAccessException>(() => DiskEntry.RequireFolder(_folder.Combine("closed"))));
    }
}

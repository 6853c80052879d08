using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

/// <summary>Errors without a path would be nobody's: see <see cref="CloudFunction.Runtime.Configuration.StorageFolders"/>.</summary>
public sealed class NamedFilesTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MoveFolder_TargetIsNotEmpty_NamesAPath()
    {
        _folder.Write("a/file", "");
        _folder.Write("b/file", "");

        var error = Assert.ThrowsAny<IOException>(() => NamedFiles.MoveFolder(_folder.Combine("a"), _folder.Combine("b")));

        Assert.Contains($"'{_folder.Path}", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.Combine("a", "file")));
    }

    [SkippableFact]
    public void MoveFolder_ToAnotherVolume_NamesTheFolder()
    {
        const string Memory = "/dev/shm";
        Skip.IfNot(Directory.Exists(Memory), $"There is no {Memory} here.");
        _folder.Write("a/file", "");

        var error = Assert.ThrowsAny<IOException>(
            () => NamedFiles.MoveFolder(_folder.Combine("a"), Path.Combine(Memory, "cf-" + Guid.NewGuid().ToString("N"))));

        Assert.Contains(_folder.Combine("a"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Copy_FolderOfTheCopyIsGone_NamesTheCopy()
    {
        var (source, target) = (_folder.Write("a", "content"), _folder.Combine("gone", "b"));

        var error = Assert.ThrowsAny<IOException>(() => NamedFiles.Copy(source, target));

        Assert.Contains(target, error.Message, StringComparison.Ordinal);
    }
}

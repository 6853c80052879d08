using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class DurableFileTests : IDisposable
{
    private static readonly DateTime Past = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>What differs in nothing needs no room, and no rights: a start goes on where the disk is full.</summary>
    [Theory]
    [InlineData("same", true)]
    [InlineData("", true)]
    [InlineData("some", false)]
    public void Write_ContentIsThereAlready_LeavesTheFile(string content, bool isSame)
    {
        var path = _folder.Write("a.json", isSame ? content : "same");
        File.SetLastWriteTimeUtc(path, Past);
        Directory.CreateDirectory(path + DurableFile.TemporarySuffix); // Whoever writes anew fails.

        var failure = Record.Exception(() => DurableFile.Write(path, System.Text.Encoding.UTF8.GetBytes(content)));

        Assert.Equal(isSame, failure is null);
        Assert.Equal((isSame ? content : "same", Past), (File.ReadAllText(path), File.GetLastWriteTimeUtc(path)));
    }

    [SkippableFact]
    public void Write_ALinkToSuchAFile_IsReplacedByAFile()
    {
        Skip.If(OperatingSystem.IsWindows(), "Links need rights there.");
        var target = _folder.Write("target", "same");
        var path = _folder.Combine("link");
        File.CreateSymbolicLink(path, target);

        DurableFile.Write(path, "same"u8);

        Assert.Null(new FileInfo(path).LinkTarget);
    }
}

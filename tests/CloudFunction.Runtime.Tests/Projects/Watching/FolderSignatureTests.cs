using CloudFunction.Runtime.Projects.Watching;

namespace CloudFunction.Runtime.Tests.Projects.Watching;

public sealed class FolderSignatureTests : IDisposable
{
    private static readonly DateTime Written = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly TemporaryDirectory _folder = new();

    public FolderSignatureTests()
    {
        Write("hello/Greet.cs", "one");
        Write("hello/sub/data.json", "{}");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_NoFolder_IsNull() => Assert.Null(FolderSignature.Read(_folder.Combine("none")));

    [Fact]
    public void Read_NothingChanged_IsTheSame() => Assert.Equal(Read(), Read());

    [Theory]
    [InlineData("hello/Greet.cs", "longer")]
    [InlineData("hello/sub/data.json", "{ }")]
    [InlineData("hello/More.cs", "")]
    [InlineData("hello/.env", "A=1")]
    [InlineData("hello/sub/obj/cube.obj", "v 0 0 0")]
    [InlineData("hello/sub/bin/x.js", "x")]
    public void Read_FileThatCounts_Differs(string name, string content)
    {
        var before = Read();

        Write(name, content);

        Assert.NotEqual(before, Read());
    }

    [Fact]
    public void Read_FileIsOlder_Differs()
    {
        var before = Read();

        File.SetLastWriteTimeUtc(_folder.Combine("hello", "Greet.cs"), Written.AddTicks(-10));

        Assert.NotEqual(before, Read());
    }

    [Fact]
    public void Read_FileMovedToAnotherFolder_Differs()
    {
        var before = Read();

        File.Move(_folder.Combine("hello", "sub", "data.json"), _folder.Combine("hello", "data.json"));

        Assert.NotEqual(before, Read());
    }

    [Theory]
    [InlineData("hello/bin/Debug/a.dll")]
    [InlineData("hello/obj/a.dll")]
    [InlineData("hello/._Greet.cs")]
    [InlineData("hello/requirements.lock")]
    [InlineData("hello/.Greet.cs.swp")]
    [InlineData("hello/.git/HEAD")]
    [InlineData("hello/sub/.env")]
    public void Read_FileThatDoesNotCount_IsTheSame(string name)
    {
        var before = Read();

        Write(name, "x");

        Assert.Equal(before, Read());
    }

    [Fact]
    public void Read_PublishedProjectHasAFolderCalledBin_Differs()
    {
        File.Delete(_folder.Combine("hello", "Greet.cs"));
        var before = Read();

        Write("hello/bin/tool", "x");

        Assert.NotEqual(before, Read());
    }

    [SkippableFact]
    public void Read_LinkLeadsElsewhere_Differs()
    {
        Skip.If(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Write("hello/..one/a.txt", "same");
        Write("hello/..two/a.txt", "same");
        Directory.CreateSymbolicLink(_folder.Combine("hello", "..data"), "..one");
        File.CreateSymbolicLink(_folder.Combine("hello", "a.txt"), Path.Combine("..data", "a.txt"));
        Write("hello/..two/a.txt", "other");
        var before = Read();

        Directory.Delete(_folder.Combine("hello", "..data"));
        Directory.CreateSymbolicLink(_folder.Combine("hello", "..data"), "..two");

        Assert.NotEqual(before, Read());
    }

    [SkippableFact]
    public void Read_FolderIsALink_IsThatOfItsTarget()
    {
        Skip.If(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Directory.CreateSymbolicLink(_folder.Combine("link"), "hello");

        Assert.Equal(Read(), FolderSignature.Read(_folder.Combine("link")));
    }

    private ulong Read() => FolderSignature.Read(_folder.Combine("hello")) ?? throw new InvalidOperationException("The folder is gone.");

    // All at one time, so that a test that is to see the size or the name does not see the time.
    private void Write(string name, string content) => File.SetLastWriteTimeUtc(_folder.Write(name, content), Written);
}

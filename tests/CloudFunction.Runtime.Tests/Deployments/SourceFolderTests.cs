using System.Runtime.Versioning;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class SourceFolderTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CopyAsync_UnchangedFolder_GivesTheFingerprintOfTheCopy()
    {
        _folder.Write("source/a.txt", "1");
        _folder.Write("source/sub/b.txt", "2");
        var source = SourceFolder.List(_folder.Combine("source"));

        var copied = await source.CopyAsync(_folder.Combine("copy"), CancellationToken.None);

        Assert.Equal(await source.HashAsync(CancellationToken.None), copied);
        Assert.Equal(copied, await SourceFolder.List(_folder.Combine("copy")).HashAsync(CancellationToken.None));
    }

    [Fact]
    public async Task CopyAsync_FileChangedSinceItWasHashed_GivesAnotherFingerprint()
    {
        var file = _folder.Write("source/a.txt", "1");
        var source = SourceFolder.List(_folder.Combine("source"));
        var hashed = await source.HashAsync(CancellationToken.None);
        File.WriteAllText(file, "2");

        Assert.NotEqual(hashed, await source.CopyAsync(_folder.Combine("copy"), CancellationToken.None));
    }

    [Theory]
    [InlineData("ab", "", "a", "b")]
    [InlineData("x", "1", "y", "1")]
    public async Task HashAsync_OtherNamesOrContents_Differ(string name, string content, string otherName, string otherContent)
    {
        _folder.Write("one/" + name, content);
        _folder.Write("two/" + otherName, otherContent);

        Assert.NotEqual(
            await SourceFolder.List(_folder.Combine("one")).HashAsync(CancellationToken.None),
            await SourceFolder.List(_folder.Combine("two")).HashAsync(CancellationToken.None));
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public async Task CopyAsync_Executable_StaysOne()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no executable files in this sense.");

        var tool = _folder.Write("source/tool", "#!");
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await SourceFolder.List(_folder.Combine("source")).CopyAsync(_folder.Combine("copy"), CancellationToken.None);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Combine("copy", "tool")));
    }

    [Theory]
    [InlineData("4913")]
    [InlineData(".Greet.cs.swp")]
    [InlineData(".Greet.cs.swo")]
    [InlineData(".Greet.cs.swx")]
    [InlineData("Greet.cs~")]
    [InlineData(".#Greet.cs")]
    [InlineData("#Greet.cs#")]
    [InlineData("Greet.cs___jb_tmp___")]
    [InlineData("Greet.cs___jb_old___")]
    [InlineData("Greet.cs.vsctmp")]
    [InlineData("Greet.cs~RF12ab34.TMP")]
    [InlineData(".goutputstream-A1B2C3")]
    [InlineData("requirements.lock.tmp")]
    [InlineData(".env.local")]
    [InlineData("._Greet.cs")]
    [InlineData("__MACOSX")]
    public void IsIgnored_LeftByAnEditorOrTheHost_IsTrue(string name) => Assert.True(SourceFolder.IsIgnored(name));

    [Theory]
    [InlineData("Greet.cs")]
    [InlineData("49130")]
    [InlineData("movie.swf")]
    [InlineData("#")]
    [InlineData("##")]
    [InlineData("cache.tmp")]
    [InlineData(".config")]
    [InlineData("obj")]
    [InlineData("bin")]
    [InlineData("._")]
    [InlineData("requirements.txt")]
    public void IsIgnored_OfTheDeployment_IsFalse(string name) => Assert.False(SourceFolder.IsIgnored(name));

    // What a build leaves lies beside the project's own files; what is called so elsewhere is content.
    [Theory]
    [InlineData(true, "F.cs models/obj/cube.obj obj tools/bin/run.sh")]
    [InlineData(false, "F.cs bin/Debug/F.dll models/obj/cube.obj obj tools/bin/run.sh")]
    public void List_FoldersCalledLikeThoseOfABuild_AreLeftOutAtTheTopOfSourcesAlone(bool isSource, string names)
    {
        foreach (var name in (string[])["F.cs", "._F.cs", "models/obj/cube.obj", "models/._obj", "tools/bin/run.sh", "bin/Debug/F.dll", "obj"])
        {
            _folder.Write($"source/{name}", "x");
        }

        Assert.Equal(names.Split(' '), SourceFolder.List(_folder.Combine("source"), isSource).Names);
    }
}

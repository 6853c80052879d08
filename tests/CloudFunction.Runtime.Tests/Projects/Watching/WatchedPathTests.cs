using CloudFunction.Runtime.Projects.Watching;

namespace CloudFunction.Runtime.Tests.Projects.Watching;

public sealed class WatchedPathTests
{
    [Theory]
    [InlineData("hello/Greet.cs")]
    [InlineData("hello/.env")]
    [InlineData("hello/sub/deep/a.json")]
    [InlineData("hello/requirements.txt")]
    [InlineData("hello/binary/a.txt")]
    [InlineData("hello/wwwroot/bin/x.js")]
    [InlineData("hello/models/obj/cube.obj")]
    [InlineData("hello/bin/tool")]
    public void FindFolder_FileOfTheProject_IsItsFolder(string path)
    {
        Assert.Equal("hello", WatchedPath.FindFolder(Native(path), static _ => false, out var isFolder));
        Assert.False(isFolder);
    }

    [Theory]
    [InlineData("hello/._Greet.cs")]
    [InlineData("hello/requirements.lock")]
    [InlineData("hello/sub/.env")]
    [InlineData("hello/.env.local")]
    [InlineData("hello/.git/index")]
    [InlineData("hello/4913")]
    [InlineData("hello/.Greet.cs.swp")]
    [InlineData("hello/Greet.cs~")]
    [InlineData("hello/Greet.cs___jb_tmp___")]
    [InlineData(".staging-hello/Greet.cs")]
    [InlineData(".hidden")]
    [InlineData("")]
    public void FindFolder_DoesNotCount_IsNull(string path) => Assert.Null(WatchedPath.FindFolder(Native(path), static _ => false, out _));

    [Theory]
    [InlineData("hello/bin/Debug/Hello.dll")]
    [InlineData("hello/obj/project.assets.json")]
    public void FindFolder_LeftByABuildOfSources_IsNull(string path) =>
        Assert.Null(WatchedPath.FindFolder(Native(path), static name => name == "hello", out _));

    [Theory]
    [InlineData("bin", true, true, false)]
    [InlineData("obj", true, true, false)]
    [InlineData("obj", true, false, true)]
    [InlineData("obj", false, true, true)]
    [InlineData("bin", false, true, true)]
    [InlineData(".env", true, true, true)]
    [InlineData(".env", false, true, false)]
    public void Counts_OfABuild_OnlyWhereItIsContent(string name, bool isAtTop, bool isSource, bool counts) =>
        Assert.Equal(counts, WatchedPath.Counts(name, isAtTop, isSource));

    [Fact]
    public void FindFolder_FolderItself_SaysSo()
    {
        Assert.Equal("Not A Project", WatchedPath.FindFolder("Not A Project", static _ => true, out var isFolder));
        Assert.True(isFolder);
    }

    private static string Native(string path) => path.Replace('/', Path.DirectorySeparatorChar);
}

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
    public void FindFolder_FileOfTheProject_IsItsFolder(string path)
    {
        Assert.Equal("hello", WatchedPath.FindFolder(Native(path), out var isFolder));
        Assert.False(isFolder);
    }

    [Theory]
    [InlineData("hello/bin/Debug/Hello.dll")]
    [InlineData("hello/sub/bin/a.dll")]
    [InlineData("hello/obj/project.assets.json")]
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
    public void FindFolder_DoesNotCount_IsNull(string path) => Assert.Null(WatchedPath.FindFolder(Native(path), out _));

    [Fact]
    public void FindFolder_FolderItself_SaysSo()
    {
        Assert.Equal("Not A Project", WatchedPath.FindFolder("Not A Project", out var isFolder));
        Assert.True(isFolder);
    }

    private static string Native(string path) => path.Replace('/', Path.DirectorySeparatorChar);
}

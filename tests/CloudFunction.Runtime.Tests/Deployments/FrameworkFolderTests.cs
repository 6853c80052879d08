using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class FrameworkFolderTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_FolderOfTheFrameworkAlone_HasAllThatIsThere()
    {
        _folder.Write("A.dll", "");
        var framework = new FrameworkFolder(_folder.Combine());

        Assert.Equal(_folder.Combine("A.dll"), framework.Find("A.dll"));
        Assert.Null(framework.Find("B.dll"));
    }

    [Fact]
    public void Find_FolderOfTheHost_HasWhatTheListNames()
    {
        _folder.Write("A.dll", "");
        _folder.Write("HostsOwn.dll", "");
        _folder.Write("worker/X.txt", "../A.dll\n../Gone.dll\n");

        var framework = FrameworkFolder.Read(_folder.Combine("worker", "X.txt"))!;

        Assert.Equal(_folder.Combine(), framework.Path);
        Assert.Equal(_folder.Combine("A.dll"), framework.Find("A.dll"));
        Assert.Null(framework.Find("HostsOwn.dll"));
        Assert.Null(framework.Find("Gone.dll"));
    }

    [Fact]
    public void Read_NoList_IsNull() => Assert.Null(FrameworkFolder.Read(_folder.Combine("X.txt")));
}

using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Tests.Deployments.Sources;

public sealed class BuildFoldersTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly BuildFolders _builds;

    public BuildFoldersTests() => _builds = new BuildFolders(_folder.Path, new RecordingLogger<BuildFolders>());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ListProjects_NoneAndOthers_AreThoseWithNamesOfProjects()
    {
        Assert.Empty(_builds.ListProjects());
        _folder.Write("builds/shop/obj/a", "");
        _folder.Write("builds/.removed-1/a", "");
        _folder.Write("builds/lost+found/a", "");

        Assert.Equal(["shop"], _builds.ListProjects());
    }

    [Fact]
    public void Remove_ThereOrNot_LeavesTheOthersAndMakesNothing()
    {
        _folder.Write("builds/shop/obj/a", "");
        _folder.Write("builds/other/obj/a", "");

        _builds.Remove("shop");
        _builds.Remove("none");

        Assert.Equal([_folder.Combine("builds", "other")], Directory.GetFileSystemEntries(_folder.Combine("builds")));
    }

    [Fact]
    public void SweepRemoved_LeftByAKilledHost_IsRemoved()
    {
        _folder.Write("builds/.removed-1/obj/a", "");
        _folder.Write("builds/other/obj/a", "");

        _builds.SweepRemoved();

        Assert.Equal([_folder.Combine("builds", "other")], Directory.GetFileSystemEntries(_folder.Combine("builds")));
    }
}

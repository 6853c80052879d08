using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class EntryAssemblyFinderTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_WithoutItsAssembly_SaysThatItIsNotThere()
    {
        _folder.Write("published/shop.deps.json", "{}");

        Assert.Contains(
            "shop.deps.json is here, but shop.dll is not",
            Assert.Throws<DeploymentException>(() => EntryAssemblyFinder.Find(_folder.Combine("published"))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>It is there: to publish anew would mend nothing.</summary>
    [SkippableFact]
    public void Find_FolderThatMayOnlyBeListed_IsAnErrorOfItsRights()
    {
        _folder.Write("published/shop.deps.json", "{}");
        _folder.Write("published/shop.dll", "");
        AnotherUser.Admit(_folder.Path);
        AnotherUser.SetMode(_folder.Combine("published"), "444");

        AnotherUser.Run(() => Assert.Throws<UnauthorizedAccessException>(() => EntryAssemblyFinder.Find(_folder.Combine("published"))));

        AnotherUser.SetMode(_folder.Combine("published"), "700");
    }
}

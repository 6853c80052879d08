using CloudFunction.Protocol;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Projects;

public sealed class ProjectDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scan_MissingDirectory_IsEmpty() => Assert.Empty(ProjectDirectory.Scan(_folder.Combine("none")));

    [Fact]
    public void Scan_FoldersOfAllKinds_ReportsInvalidNamesAndPassesOverHiddenOnes()
    {
        foreach (var name in new[] { "beta", "alpha", ".git", "Upper", "con" })
        {
            Directory.CreateDirectory(_folder.Combine(name));
        }

        _folder.Write("readme.md", "");

        var candidates = ProjectDirectory.Scan(_folder.Path);

        Assert.Equal(["Upper", "alpha", "beta", "con"], candidates.Select(candidate => candidate.Name));
        Assert.Equal(["alpha", "beta"], candidates.Where(candidate => candidate.IsValid).Select(candidate => candidate.Name));
        Assert.All(
            candidates.Where(candidate => !candidate.IsValid),
            candidate => Assert.Contains(NameRule.Text, candidate.Error, StringComparison.Ordinal));
        Assert.Equal(_folder.Combine("alpha"), candidates[1].Directory);
    }

    [Fact]
    public void Find_NoneOfThatName_IsNoneOnlyWhereTheirFolderIs()
    {
        _folder.Write("file", "");

        Assert.Null(ProjectDirectory.Find(_folder.Path, "none"));
        Assert.Null(ProjectDirectory.Find(_folder.Path, "file"));
        Assert.Throws<DirectoryNotFoundException>(() => ProjectDirectory.Find(_folder.Combine("away"), "none"));
    }

    /// <summary>A folder that cannot be reached is not gone, and its project is not to end.</summary>
    [SkippableTheory]
    [InlineData("000")]
    [InlineData("444")]
    public void Find_NoRights_IsAnError(string mode)
    {
        Directory.CreateDirectory(_folder.Combine("projects", "hello"));
        AnotherUser.SetMode(_folder.Path, "755");
        AnotherUser.SetMode(_folder.Combine("projects"), mode);

        AnotherUser.Run(() => Assert.Throws<UnauthorizedAccessException>(() => ProjectDirectory.Find(_folder.Combine("projects"), "hello")));

        AnotherUser.SetMode(_folder.Combine("projects"), "700");
        Assert.NotNull(ProjectDirectory.Find(_folder.Combine("projects"), "hello"));
    }
}

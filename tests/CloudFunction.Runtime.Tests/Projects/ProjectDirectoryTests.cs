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
}

using System.Text.RegularExpressions;

namespace CloudFunction.DocsTests;

public sealed partial class FolderNameTests
{
    // Those whose folders CONTRIBUTING.md lists, by the name that it gives them.
    private static readonly string[] Listed = ["AspNetCore", "Protocol", "Runtime", "Worker"];

    public static TheoryData<string> Pages() => ["docs/architecture.md", "docs/zh-CN/architecture.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Architecture_NamesEveryProject(string page)
    {
        var text = File.ReadAllText(Repository.PathOf(page));

        Assert.DoesNotContain(FoldersOf("src"), project => !text.Contains($"`src/{project}`", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Architecture_NamesEveryFolderOfTheRuntime(string page)
    {
        var text = File.ReadAllText(Repository.PathOf(page));

        Assert.DoesNotContain(
            FoldersOf("src/CloudFunction.Runtime"),
            folder => !text.Contains($"`{folder}`", StringComparison.Ordinal)
                && !text.Contains($"`src/CloudFunction.Runtime/{folder}/", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Architecture_LinksEveryPageBesideIt(string page)
    {
        var folder = page[..^".md".Length];
        var beside = Repository.Pages.Where(other => other.StartsWith($"{folder}/", StringComparison.Ordinal)).ToArray();
        var linked = MarkdownPage.Read(page).Links.Select(link => $"{Path.GetDirectoryName(page)!.Replace('\\', '/')}/{link.Split('#')[0]}");

        Assert.NotEmpty(beside);
        Assert.Empty(beside.Except(linked));
    }

    [Fact]
    public void Contributing_ListsTheFoldersThatAreThereAndNoOther()
    {
        var listed = MarkdownPage.Read("CONTRIBUTING.md").Rows.Select(row => ListedFolder().Match(row[0])).Where(match => match.Success);

        var folders = Listed.SelectMany(project => FoldersOf($"src/CloudFunction.{project}").Select(folder => $"{project}/{folder}"));

        Assert.Equal(
            folders.Order(StringComparer.Ordinal),
            listed.Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    // What a build makes is in none, and folders that a branch has left behind are empty.
    private static IEnumerable<string> FoldersOf(string relative) =>
        Directory.EnumerateDirectories(Repository.PathOf(relative))
            .Where(folder => Path.GetFileName(folder) is not ("bin" or "obj"))
            .Where(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(IsSource))
            .Select(folder => Path.GetFileName(folder)!);

    private static bool IsSource(string file) =>
        Path.GetExtension(file) is ".cs" or ".targets"
        && !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");

    [GeneratedRegex("^`((?:AspNetCore|Protocol|Runtime|Worker)/[A-Za-z]+)`$")]
    private static partial Regex ListedFolder();
}

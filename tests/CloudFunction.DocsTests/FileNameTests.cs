using System.Text.RegularExpressions;

namespace CloudFunction.DocsTests;

public sealed partial class FileNameTests
{
    private static readonly HashSet<string> SourceFiles =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("src"), "*.*", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file)!),
    ];

    public static TheoryData<string> Pages() => [.. Repository.Pages];

    public static TheoryData<string> ArchitecturePages() =>
        [.. Repository.Pages.Where(page => page.Contains("/architecture", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_NamesSourceFilesThatExist(string page)
    {
        var text = File.ReadAllText(Repository.PathOf(page));

        Assert.DoesNotContain(FileName().Matches(text).Select(match => match.Groups[1].Value), name => !Exists(name));
    }

    [Theory]
    [MemberData(nameof(ArchitecturePages))]
    public void Architecture_NamesSourceFiles(string page) => Assert.NotEmpty(FileName().Matches(File.ReadAllText(Repository.PathOf(page))));

    private static bool Exists(string name) =>
        SourceFiles.Contains(name) || File.Exists(Repository.PathOf(name));

    [GeneratedRegex(@"`([\w./]*\w\.(?:cs|targets|props))`")]
    private static partial Regex FileName();
}

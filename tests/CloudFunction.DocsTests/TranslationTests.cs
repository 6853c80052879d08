namespace CloudFunction.DocsTests;

public sealed class TranslationTests
{
    public static TheoryData<string> TranslatedPages() => [.. Repository.TranslatedPages];

    [Theory]
    [MemberData(nameof(TranslatedPages))]
    public void ChinesePage_HasTheEnglishOnesHeadingLevels(string page) =>
        Assert.Equal(Levels(page), Levels(Repository.ChineseOf(page)));

    [Theory]
    [MemberData(nameof(TranslatedPages))]
    public void ChinesePage_HasTheEnglishOnesSamples(string page) =>
        Assert.Equal(Samples(page), Samples(Repository.ChineseOf(page)));

    [Theory]
    [MemberData(nameof(TranslatedPages))]
    public void ChinesePage_HasTheEnglishOnesTables(string page) =>
        Assert.Equal(Shape(page), Shape(Repository.ChineseOf(page)));

    [Fact]
    public void ChinesePages_AllHaveAnEnglishTwin()
    {
        var twins = Repository.TranslatedPages.Select(Repository.ChineseOf);
        var chinese = Repository.Pages.Where(page => page.Contains("zh-CN", StringComparison.Ordinal));

        Assert.Empty(chinese.Except(twins));
    }

    private static IEnumerable<int> Levels(string page) =>
        MarkdownPage.Read(page).Headings.Select(heading => heading.TakeWhile(character => character == '#').Count());

    // Diagrams and .env files have words in them, which are translated.
    private static IEnumerable<(string Language, string? Text)> Samples(string page) =>
        MarkdownPage.Read(page).Blocks.Select(block => (block.Language, block.Language is "csharp" or "json" ? block.Text : null));

    private static IEnumerable<int> Shape(string page) => MarkdownPage.Read(page).Rows.Select(row => row.Length);
}

namespace CloudFunction.DocsTests;

public sealed class LinkTests
{
    public static TheoryData<string> Pages() => [.. Repository.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfAPage_LeadToFilesAndHeadingsThatExist(string page)
    {
        var broken = MarkdownPage.Read(page).Links.Where(link => !Uri.IsWellFormedUriString(link, UriKind.Absolute) && !Resolves(page, link));

        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("docs/no-such-page.md")]
    [InlineData("README.md#no-such-heading")]
    public void Resolves_WhatIsNotThere_IsFalse(string link) => Assert.False(Resolves("README.md", link));

    private static bool Resolves(string page, string link)
    {
        var parts = link.Split('#', 2);
        var target = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, parts[0]);
        if (parts.Length == 1)
        {
            return File.Exists(Repository.PathOf(target)) || Directory.Exists(Repository.PathOf(target));
        }

        return File.Exists(Repository.PathOf(target)) && MarkdownPage.Read(target).Anchors.Contains(Uri.UnescapeDataString(parts[1]));
    }
}

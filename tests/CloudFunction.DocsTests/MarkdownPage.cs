using System.Text.RegularExpressions;

namespace CloudFunction.DocsTests;

/// <summary>One page, taken apart as far as the tests need it.</summary>
internal sealed partial class MarkdownPage
{
    private const string Fence = "```";

    private readonly List<string> _headings = [];
    private readonly List<CodeBlock> _blocks = [];
    private readonly List<string> _links = [];
    private readonly List<string[]> _rows = [];

    private MarkdownPage()
    {
    }

    /// <summary>The headings, with their <c>#</c>s.</summary>
    public IReadOnlyList<string> Headings => _headings;

    /// <summary>The fenced blocks.</summary>
    public IReadOnlyList<CodeBlock> Blocks => _blocks;

    /// <summary>The targets of links, those in code left out.</summary>
    public IReadOnlyList<string> Links => _links;

    /// <summary>The rows of all tables, heads and rules included, each as its trimmed cells.</summary>
    public IReadOnlyList<string[]> Rows => _rows;

    /// <summary>What a link can have behind its <c>#</c>, as GitHub makes it of the headings.</summary>
    public IEnumerable<string> Anchors => _headings.Select(heading =>
        NotInAnchor().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>Reads a page.</summary>
    public static MarkdownPage Read(string relative)
    {
        var page = new MarkdownPage();
        var lines = File.ReadAllLines(Repository.PathOf(relative));
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                page.Add(lines[i]);
                continue;
            }

            var begin = i++;
            while (i < lines.Length && lines[i] != Fence)
            {
                i++;
            }

            Assert.True(i < lines.Length, $"{relative}:{begin + 1}: the block is never closed.");
            page._blocks.Add(new CodeBlock(lines[begin][Fence.Length..], begin + 1, string.Join('\n', lines[(begin + 1)..i])));
        }

        return page;
    }

    private void Add(string line)
    {
        if (line.StartsWith('#'))
        {
            _headings.Add(line);
        }
        else if (line.StartsWith('|'))
        {
            _rows.Add([.. line.Trim('|').Split('|').Select(cell => cell.Trim())]);
        }

        _links.AddRange(Link().Matches(InlineCode().Replace(line, "")).Select(match => match.Groups[1].Value));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M} _-]")]
    private static partial Regex NotInAnchor();
}

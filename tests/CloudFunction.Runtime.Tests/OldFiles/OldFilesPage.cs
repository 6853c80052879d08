using System.Reflection;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tests.OldFiles;

/// <summary>The part of the page on migration that is made of the tables.</summary>
internal sealed class OldFilesPage
{
    private const string Begin = "<!-- Made by OldFilesTests: run it with UPDATE_DOCS=1 after a change. -->\n";
    private const string End = "<!-- End of what is made. -->\n";

    // A message is cut before the list of all that is allowed where it is longer than anybody reads in a table.
    private const int MaxMessage = 260;

    private readonly string _path;
    private readonly bool _isChinese;

    public OldFilesPage(string page)
    {
        _isChinese = page.Contains("zh-CN", StringComparison.Ordinal);
        _path = Path.Combine(
            typeof(OldFilesPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == "RepositoryRoot").Value!, page);
    }

    /// <summary>That part as the page has it.</summary>
    public string Present => Split().Part;

    /// <summary>That part as the tests have it.</summary>
    public string Make() => "\n" + string.Join('\n', OldFileTables.All.Select(table =>
        $"### {(_isChinese ? table.ChineseTitle : table.Title)}\n\n"
        + (_isChinese ? "| 写法 | 旧系统 | 这里 | |\n" : "| Written | Old system | Here | |\n")
        + "|---|---|---|---|\n"
        + string.Concat(table.Rows.Select(row => MakeRow(table, row))))) + "\n";

    /// <summary>Writes that part anew.</summary>
    public void Update()
    {
        var (before, _, after) = Split();
        File.WriteAllText(_path, before + Make() + after);
    }

    private (string Before, string Part, string After) Split()
    {
        var text = File.ReadAllText(_path);
        var begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= Begin.Length && end >= begin, $"{_path} has not both marks, {Begin} and {End}");
        return (text[..begin], text[begin..end], text[end..]);
    }

    private string MakeRow(OldFileTable table, OldFileRow row)
    {
        var (result, here) = table.Compare(row);
        var shown = result == OldFileResult.Same ? Word("the same", "相同")
            : result == OldFileResult.Refused ? CodeOf(Shorten(here.Message!))
            : here.Message is null ? Show(here.Value!)
            : $"{Show(here.Value!)}; {CodeOf(Shorten(here.Message))}";
        return $"| {CodeOf(row.Text)} | {(row.There is null ? Word("refused", "拒绝") : Show(row.There))} | {shown} | {Name(result)} |\n";
    }

    private string Name(OldFileResult result) => result switch
    {
        OldFileResult.Same => Word("same", "相同"),
        OldFileResult.Warned => Word("different, with a warning", "不同，有警告"),
        OldFileResult.Quiet => Word("different", "不同"),
        OldFileResult.Refused => Word("refused", "拒绝"),
        _ => Word("only here", "只有这里允许"),
    };

    private string Show(string value) => value.Length == 0 ? Word("nothing", "空") : CodeOf(value);

    private string Word(string english, string chinese) => _isChinese ? chinese : english;

    private static string CodeOf(string text)
    {
        var shown = text.Replace("\n", " ⏎ ", StringComparison.Ordinal).Replace("\uFEFF", @"\uFEFF", StringComparison.Ordinal);
        return $"`{SafeText.Of(shown)}`";
    }

    private static string Shorten(string message)
    {
        var text = message[(message.IndexOf(": ", StringComparison.Ordinal) + 2)..];
        var allowed = text.IndexOf("; allowed", StringComparison.Ordinal);
        return text.Length > MaxMessage && allowed > 0 ? text[..allowed] : text;
    }
}

using CloudFunction.Runtime.Configuration.Yaml;

namespace CloudFunction.Runtime.Tests.Logging.Configuration;

/// <summary>What is said of broken files, word for word: each file and its errors are in <c>broken-files.txt</c>.</summary>
public sealed class BrokenFilesTests
{
    private const string FileMark = "#### ";
    private const string ErrorsMark = "\n==>\n";

    private static readonly Dictionary<string, (string Text, string Errors)> Files = Read();

    public static TheoryData<string> Names() => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_BrokenFile_SaysAllThatIsWrongAndWhatIsAllowed(string name)
    {
        var (text, errors) = Files[name];

        Assert.Equal(errors.Split('\n'), LoggingFiles.ErrorsOf(text));
    }

    [Fact]
    public void Parse_Tabs_AreNamedLineByLine() => Assert.Equal(
        [
            "logging.yaml:3:1: there is a tab before the text of this line; allowed are spaces",
            "logging.yaml:5:3: there is a tab before the text of this line; allowed are spaces",
        ],
        LoggingFiles.ErrorsOf("version: 1 \t# a tab is allowed here\nroot:\n\tlevel: INFO\n\t\n  \thandlers:\t[]\n\t# and here\n"));

    [Fact]
    public void Parse_TabsBeforeCommentsAndInBlankLines_DoNotCount() =>
        Assert.Equal(
            "root: Error []", Shape.Of(LoggingFiles.Parse("version: 1\n\t\n  \t# a comment\nroot:\n\t\n  level: ERROR\t# one more\n\t").Root));

    [Fact] // Looked at once, not once for each tab.
    public void Parse_LongLineOfTabs_IsABlankLine() => Assert.Empty(LoggingFiles.Parse($"version: 1\n{new string('\t', 250_000)}\n").Handlers);

    [Theory]
    [InlineData("version: 1\nroot: {level: \"INFO\u0007\"}", "logging.yaml:2:20", "U+0007")]
    [InlineData("version: 1\0", "logging.yaml:1:11", "U+0000")]
    public void Parse_ControlCharacter_IsNamed(string text, string place, string character) => Assert.Equal(
        [$"{place}: there is the control character {character}; allowed are printable characters, and escapes in double quotes"],
        LoggingFiles.ErrorsOf(text));

    [Fact]
    public void Parse_ManyErrors_ShowsAHundred()
    {
        var errors = LoggingFiles.ErrorsOf("version: 1\nroot: {handlers: [" + string.Concat(Enumerable.Repeat("x,", 250)) + "]}");

        Assert.Equal(101, errors.Count);
        Assert.Equal("logging.yaml: 150 more errors are not shown", errors[^1]);
    }

    [Fact]
    public void Parse_LongOrMultilineValue_IsOneShortErrorLine()
    {
        var error = Assert.Single(LoggingFiles.ErrorsOf($"version: 1\nroot: {{level: \"{new string('x', 5000)}\\n\"}}"));

        Assert.InRange(error.Length, 100, 1100);
        Assert.DoesNotContain('\n', error);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Parse_NestingBomb_IsRefusedAtOnce(string opening) =>
        Assert.StartsWith(
            "the file is nested",
            LoggingFiles.ErrorsOf(string.Concat(Enumerable.Repeat(opening, 60_000)))[0].Split(": ", 2)[1],
            StringComparison.Ordinal);

    [Fact] // A billion laughs: 9 lines that would be 10 to the power of 9 values.
    public void Parse_AliasBomb_IsRefused()
    {
        var lines = Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]");
        var errors = LoggingFiles.ErrorsOf("version: 1\na0: &a0 [x]\n" + string.Join('\n', lines));

        Assert.Equal(
            "logging.yaml:3:10: '*a0' is an alias in YAML; allowed are values that are written out: where it is text, put it in quotes",
            errors[0]);
        Assert.Equal(90, errors.Count);
    }

    [Fact] // The parser is foreign code, and has thrown other exceptions than its own before.
    public void Parse_FilesWithRandomFaults_FailOnlyWithErrorsThatHaveAPlace()
    {
        const string Junk = "{}[]:,-?&*!|>'\"%@`#\t\n \\~<.0aé\0";
        var good = File.ReadAllText(LoggingFiles.GuidePath);
        var random = new Random(20260131); // Always the same files.
        for (var i = 0; i < 1000; i++)
        {
            var text = good.Remove(random.Next(good.Length), 1);
            for (var faults = random.Next(1, 4); faults > 0; faults--)
            {
                var at = random.Next(text.Length - 20);
                text = random.Next(2) == 0 ? text.Insert(at, Junk[random.Next(Junk.Length)].ToString()) : text.Remove(at, random.Next(1, 20));
            }

            try
            {
                LoggingFiles.Parse(text);
            }
            catch (ConfigurationFileException exception)
            {
                Assert.All(exception.Errors, error => Assert.Matches(@"\Alogging\.yaml(:[1-9][0-9]*){2}: \S", error));
            }
        }
    }

    private static Dictionary<string, (string Text, string Errors)> Read() =>
        File.ReadAllText(LoggingFiles.PathOf("broken-files.txt")).ReplaceLineEndings("\n").Split(FileMark, StringSplitOptions.RemoveEmptyEntries)
            .Select(block => block.Split('\n', 2))
            .ToDictionary(
                block => block[0],
                block => block[1].Split(ErrorsMark) is [var text, var errors] ? (text, errors.Trim()) : throw new FormatException(block[0]));
}

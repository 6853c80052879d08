using System.Text;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tests.Configuration;

public sealed class DotEnvEditorTests
{
    [Theory]
    // In place, with all around it.
    [InlineData("A=1\nB=2\n", "A", "x", "A=x\nB=2\n")]
    [InlineData("# top\n\n  export  A = 1   # why\nB=2", "A", "x", "# top\n\n  export  A = x   # why\nB=2")]
    [InlineData("A=1 # why\n", "A", "", "A= # why\n")]
    [InlineData("A= # why\n", "A", "x", "A=x # why\n")]
    [InlineData("A=\n", "A", "x", "A=x\n")]
    [InlineData("A=\"1\"# why\n", "A", "x", "A='x'# why\n")]
    [InlineData("A=\"1\"# why\n", "A", "", "A=''# why\n")]
    [InlineData("A='one\ntwo' # why\nB=2\n", "A", "x", "A=x # why\nB=2\n")]
    // Line ends and the byte order mark are those of the file.
    [InlineData("\uFEFFA=1\r\nB=2\r\n", "A", "x", "\uFEFFA=x\r\nB=2\r\n")]
    [InlineData("\uFEFFA=1\r\nB=2", "C", "x", "\uFEFFA=1\r\nB=2\r\nC=x\r\n")]
    [InlineData("A=\"1\r\n2\"\r\nB=2\nC=3\r", "B", "x", "A=\"1\r\n2\"\r\nB=x\nC=3\r")]
    [InlineData("A=1\rB=2\r", "C", "x", "A=1\rB=2\rC=x\r")]
    // New ones.
    [InlineData("", "A", "x", "A=x\n")]
    [InlineData("\uFEFF", "A", "x", "\uFEFFA=x\n")]
    [InlineData("# only a comment", "A", "x", "# only a comment\nA=x\n")]
    [InlineData("", "A", null, "")]
    // What is the same already stays as it is written.
    [InlineData("A='1'\n", "A", "1", "A='1'\n")]
    // Of duplicates the last stays.
    [InlineData("A=1\nB=2\nA=3 # last\nC=4", "A", "x", "B=2\nA=x # last\nC=4")]
    [InlineData("A=1\nA=2\n", "A", "2", "A=2\n")]
    [InlineData("A=1\nB=2\nA=3", "A", null, "B=2\n")]
    [InlineData("A=1\nB='2\n3'\nC=4\n", "B", null, "A=1\nC=4\n")]
    [InlineData("A=1\nA=2\nB=3\n", "B", "x", "A=1\nA=2\nB=x\n")]
    // Quotes where they are needed.
    [InlineData("", "A", "a b", "A='a b'\n")]
    [InlineData("", "A", "#1", "A='#1'\n")]
    [InlineData("", "A", "$HOME", "A='$HOME'\n")]
    [InlineData("", "A", "C:\\dir x", "A='C:\\\\dir x'\n")]
    [InlineData("", "A", "C:\\dir\\", "A=C:\\dir\\\n")]
    [InlineData("", "A", "it's", "A='it\\'s'\n")]
    [InlineData("", "A", "${B}\r", "A=\"\\${B}\\r\"\n")]
    [InlineData("", "A", "it's $5 \"\\n\"\r\n", "A=\"it's $5 \\\"\\\\n\\\"\\r\\n\"\n")]
    [InlineData("", "A", "https://example.com:80/a?", "A='https://example.com:80/a?'\n")]
    public void Edit_OneChange_LeavesAllElseAsItWas(string text, string name, string? value, string expected) =>
        Assert.Equal(expected, DotEnvEditor.Edit(text, new Dictionary<string, string?> { [name] = value }));

    [Fact]
    public void Edit_SeveralNewOnes_AreInTheirOrder() =>
        Assert.Equal("B=0\nC=1\nA=2\n", DotEnvEditor.Edit("B=0", new Dictionary<string, string?> { ["C"] = "1", ["A"] = "2", ["D"] = null }));

    [Fact]
    public void Edit_NamesAndValuesThatCannotBe_NamesThemAllButNoValue()
    {
        var changes = new Dictionary<string, string?>
        {
            ["1A"] = "secret",
            [""] = null,
            ["B C\u001b"] = "secret",
            ["D"] = "sec\0ret",
            ["E"] = "secret\uD800",
            ["F"] = "fine",
        };

        var exception = Assert.Throws<DotEnvException>(() => DotEnvEditor.Edit("", changes, path: "/app/.env"));

        Assert.Equal(["1A", "", "B C\\x1b", "D", "E"], exception.Errors.Select(error => error.Split('\'')[1]));
        Assert.All(exception.Errors, error => Assert.StartsWith("/app/.env: '", error, StringComparison.Ordinal));
        Assert.Contains("NUL", exception.Errors[3], StringComparison.Ordinal);
        Assert.DoesNotContain("sec", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Edit_TextThatIsWrong_IsRefused()
    {
        var exception = Assert.Throws<DotEnvException>(
            () => DotEnvEditor.Edit("A=1\nsecret", new Dictionary<string, string?> { ["A"] = "2" }, path: "/app/.env"));

        Assert.StartsWith("/app/.env:2: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Edit_TooLarge_IsRefused() =>
        Assert.Contains(
            "1048576 bytes",
            Assert.Throws<DotEnvException>(() => DotEnvEditor.Edit("", new Dictionary<string, string?> { ["A"] = new('x', 1 << 20) })).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Edit_RandomTextsAndValues_ReadsBackExactly(bool interpolates)
    {
        var environment = interpolates ? new Dictionary<string, string> { ["A"] = "of the environment", ["E"] = "${A}" } : null;
        var random = new Random(7);
        for (var round = 0; round < 5_000; round++)
        {
            var text = MakeText(random);
            var before = DotEnvFile.Parse(text, ".env", environment);
            var changes = new Dictionary<string, string?>();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                changes[Pick(random, "A", "B", "C", "D", "export")] = random.Next(5) == 0 ? null : MakeValue(random);
            }

            var edited = DotEnvEditor.Edit(text, changes, interpolates);

            var expected = new SortedDictionary<string, string>(before.Values.ToDictionary(), StringComparer.Ordinal);
            foreach (var (name, value) in changes)
            {
                expected.Remove(name);
                if (value is not null)
                {
                    expected.Add(name, value);
                }
            }

            var after = new SortedDictionary<string, string>(
                DotEnvFile.Parse(edited, ".env", environment).Values.ToDictionary(), StringComparer.Ordinal);
            Assert.True(
                expected.SequenceEqual(after),
                $"Round {round}: {Show(text)} with {string.Join(", ", changes.Select(c => $"{c.Key}={Show(c.Value)}"))} became {Show(edited)}");
            Assert.True(Comments(text).SequenceEqual(Comments(edited)), $"Round {round}: comments of {Show(text)} are not those of {Show(edited)}");
            Assert.Equal(edited, DotEnvEditor.Edit(edited, changes, interpolates));
        }
    }

    private static string MakeText(Random random)
    {
        var text = new StringBuilder(random.Next(4) == 0 ? "\uFEFF" : "");
        for (var i = random.Next(6); i > 0; i--)
        {
            text.Append(Pick(
                random, "# A=comment", "", "  ", "A=1", "A=", "A= ", "A= # c", " export B = two words # c", "B=x#y", "C=\"q\\n$\" # c",
                "C='one\ntwo'# c", "C=\"one\r\ntwo\"",
                "D=\u00A0x\u00A0# c", "export=1", "A=#1"));
            text.Append(Pick(random, "\n", "\r\n", "\r"));
        }

        // Half of them with no line end at their end; a line feed may well be what is left of two characters.
        return random.Next(2) == 0 ? text.ToString() : text.ToString().TrimEnd('\r', '\n');
    }

    private static string MakeValue(Random random)
    {
        var value = new StringBuilder();
        for (var i = random.Next(8); i > 0; i--)
        {
            value.Append(Pick(
                random, "a", "1", " ", "\t", "\n", "\r", "\r\n", "'", "\"", "\\", "\\n", "$", "${A}", "#", " #", "=", "`", "!", "\u00A0", "\u2028",
                "\uFEFF", "汉", "😀", "\u0001", "export "));
        }

        return value.ToString();
    }

    private static string[] Comments(string text) => [.. text.TrimStart('\uFEFF').Split('\r', '\n').Where(line => line.StartsWith('#'))];

    private static string Pick(Random random, params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];

    private static string Show(string? text) => System.Text.Json.JsonSerializer.Serialize(text);

    [Theory]
    [InlineData("A=1\n")]
    [InlineData("B='\n'\n")]
    [InlineData("# A\r\n")]
    public void Edit_ManyLines_IsLinear(string piece) => Hostile.AssertLinear(
        5_000,
        count => string.Concat(Enumerable.Repeat(piece, count)),
        text => DotEnvEditor.Edit(text, new Dictionary<string, string?> { ["A"] = "2", ["C"] = "3" }));

    [Fact]
    public void Edit_ManyWrongNames_ShowsAFew() => Assert.Equal(
        21,
        Assert.Throws<DotEnvException>(() => DotEnvEditor.Edit("", Enumerable.Range(0, 5000).ToDictionary(i => $"={i}", _ => (string?)"x")))
            .Errors.Count);
}

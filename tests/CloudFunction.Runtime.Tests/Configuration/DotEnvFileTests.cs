using System.Text;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tests.Configuration;

public sealed class DotEnvFileTests
{
    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("A=", "")]
    [InlineData("  A = 1  ", "1")]
    [InlineData("export A=1", "1")]
    [InlineData("\uFEFFA=1\r\n", "1")]
    [InlineData("A=1 # comment", "1")]
    [InlineData("A= # comment", "")]
    [InlineData("A=#1", "#1")]
    [InlineData("A=1#2", "1#2")]
    [InlineData("A=b=c", "b=c")]
    [InlineData("A=it's", "it's")]
    [InlineData("A=$B ${C}", "$B ${C}")]
    [InlineData("A='1 # 2' # comment", "1 # 2")]
    [InlineData("A='a\\n\"b\"'", "a\\n\"b\"")]
    [InlineData("""A="a\tb\n\"c\"\\\$\r" """, "a\tb\n\"c\"\\$\r")]
    [InlineData("""A="C:\dir" """, """C:\dir""")]
    [InlineData("A=\"one\r\ntwo\"", "one\ntwo")]
    [InlineData("A=\"\"", "")]
    [InlineData("A='it\\'s'", "it's")]
    [InlineData("A='a\\\\b'", "a\\b")]
    [InlineData("A=\"it\\'s\"", "it's")]
    [InlineData("A=\u00A0'x'\u3000# c", "x")]
    [InlineData("A\x1c=\x1fx\x1e", "x")]
    public void Parse_OneVariable_HasItsValue(string text, string value)
    {
        var entry = Assert.Single(DotEnvFile.Parse(text, ".env").Entries);

        Assert.Equal("A", entry.Name);
        Assert.Equal(value, entry.Value);
    }

    [Fact]
    public void Parse_SeveralLines_KeepsOrderAndNumbers()
    {
        var file = DotEnvFile.Parse("# top\r\n\r\nB=1\r\nA=\"x\r\ny\"\r\n\texport C=3\r\nexporter=4", ".env");

        Assert.Equal(
            [new DotEnvEntry("B", "1", 3), new DotEnvEntry("A", "x\ny", 4), new DotEnvEntry("C", "3", 6), new DotEnvEntry("exporter", "4", 7)],
            file.Entries);
        Assert.Empty(file.Warnings);
    }

    [Fact]
    public void Parse_Duplicate_LastWinsWithAWarning()
    {
        var file = DotEnvFile.Parse("A=first\nB=2\nA=last", "/app/.env");

        Assert.Equal([new DotEnvEntry("A", "last", 3), new DotEnvEntry("B", "2", 2)], file.Entries);
        Assert.Equal("/app/.env:3: A is set in line 1 already; this line counts", Assert.Single(file.Warnings));
    }

    [Theory]
    [InlineData("B=1\nA=${B}/secret", 2, "'${…}', which stays as it is written: ENV_INTERPOLATE=true replaces it")]
    [InlineData("A=\"${B:-secret}\"", 1, "'${…}'")]
    [InlineData("A=\"x\n${B}\"", 1, "'${…}'")]
    [InlineData("A=\"\\\\${B}\"", 1, "'${…}'")]
    [InlineData("A=\"\\${B}\"", 1, "'\\$', which is '$' here")]
    [InlineData("A=\"C:\\bin\"", 1, "'\\b', which is a control character in python-dotenv: write '\\\\b'")]
    [InlineData("A= # secret", 1, "is empty, since '#' begins a comment")]
    [InlineData("A=\"C:\\\\\"\nB=\"x\"", 1, "ends with a backslash")]
    [InlineData("\uFEFFA=1", 1, "byte order mark")]
    public void Parse_WhatPythonDotenvReadsOtherwise_IsWarnedOfWithItsPlace(string text, int line, string expected)
    {
        var warning = Assert.Single(DotEnvFile.Parse(text, "/app/.env").Warnings);

        Assert.StartsWith($"/app/.env:{line}: ", warning, StringComparison.Ordinal);
        Assert.Contains(expected, warning, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A='${B}'")]
    [InlineData("A=$B")]
    [InlineData("A=${B")]
    [InlineData("A=${B:x}")]
    [InlineData("A=\"$(B) \\n\"")]
    [InlineData("# A=${B}")]
    [InlineData("A=\"C:\\\\\"")]
    public void Parse_WhatIsTheSameThere_IsNotWarnedOf(string text) => Assert.Empty(DotEnvFile.Parse(text, ".env").Warnings);

    [Theory]
    [InlineData("BASE=/srv\nA=${BASE}/logs", "/srv/logs")]
    [InlineData("A=${BASE}/logs\nBASE=/srv", "/logs")]
    [InlineData("A=${HOME}", "/home")]
    [InlineData("HOME=/file\nA=${HOME}", "/file")]
    [InlineData("A=${X:-default}", "default")]
    [InlineData("A=${HOME:-default}", "/home")]
    [InlineData("HOME=\nA=[${HOME:-default}]", "[]")]
    [InlineData("A=[${X}]", "[]")]
    [InlineData("A='${HOME}' # c", "/home")]
    [InlineData("A=\"${HOME}\\n\"", "/home\n")]
    [InlineData("A=\"\\${HOME}\"", "\\/home")]
    [InlineData("A=$HOME $${HOME} ${HOME", "$HOME $/home ${HOME")]
    [InlineData("A=${HOME:x} ${X:-${HOME}}", "${HOME:x} ${HOME}")]
    [InlineData("A=1\nA=${A}2\nA=${A}3", "123")]
    [InlineData("A=${:-$}{HOME}", "${HOME}")]
    public void Parse_WithAnEnvironment_ReplacesReferencesAsPythonDotenvDoes(string text, string expected)
    {
        var file = DotEnvFile.Parse(text, ".env", new Dictionary<string, string> { ["HOME"] = "/home" });

        Assert.Equal(expected, file.Values["A"]);
        Assert.DoesNotContain(file.Warnings, warning => warning.Contains('$', StringComparison.Ordinal));
    }

    [Fact] // Each line doubles the one before it.
    public void Parse_ReferencesThatGrowBeyondAnyMemory_IsRefused()
    {
        var lines = Enumerable.Range(1, 60).Select(i => $"A{i}=${{A{i - 1}}}${{A{i - 1}}}");

        var error = Assert.Throws<DotEnvException>(
            () => DotEnvFile.Parse("A0=0123456789\n" + string.Join('\n', lines), ".env", new Dictionary<string, string>()));

        Assert.Contains("longer than 1048576 characters", error.Errors[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("${")]
    [InlineData("${:x")]
    [InlineData("${A:-")]
    [InlineData("${A}")]
    public void Parse_ManyReferences_IsLinear(string piece) => Hostile.AssertLinear(
        5_000,
        count => "A=" + string.Concat(Enumerable.Repeat(piece, count)),
        text => DotEnvFile.Parse(text, ".env", new Dictionary<string, string>()));

    [Theory]
    [InlineData("A=1\nsecret", 2, "no '='")]
    [InlineData("export secret", 1, "no '='")]
    [InlineData("A=\"secret", 1, "never closed")]
    [InlineData("A='secret\nB=2", 1, "never closed")]
    [InlineData("A=\"secret\" secret", 1, "after the closing quote")]
    [InlineData("A=se\0cret", 1, "NUL")]
    [InlineData("A=\"x\nse\0cret\"", 1, "NUL")]
    [InlineData("1A=secret", 1, "name before '='")]
    [InlineData("A B=secret", 1, "name before '='")]
    [InlineData("=secret", 1, "name before '='")]
    public void Parse_Wrong_SaysWhereButNeverTheValue(string text, int line, string reason)
    {
        var exception = Assert.Throws<DotEnvException>(() => DotEnvFile.Parse(text, "/app/.env"));

        var error = Assert.Single(exception.Errors);
        Assert.StartsWith($"/app/.env:{line}: ", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralWrongLines_NamesThemAll()
    {
        var exception = Assert.Throws<DotEnvException>(() => DotEnvFile.Parse("one\nA=1\ntwo\nB=\"x", ".env"));

        Assert.Equal([".env:1", ".env:3", ".env:4"], exception.Errors.Select(error => error[..6]));
    }

    [Fact]
    public void Read_MissingFile_IsEmpty() => Assert.Empty(DotEnvFile.Read(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))).Entries);

    [Theory]
    [InlineData("A=\u00ff", ".env:1: column 3")]
    [InlineData("A=1\nB=2\r\nC='\u00e9'\n", ".env:3: column 4")]
    [InlineData("A=1\rB=\u00ff", ".env:2: column 3")]
    [InlineData("\u00ff\u00feA", ".env:1: column 1")] // What an editor of Windows calls Unicode.
    public void Read_NotUtf8_NamesTheFirstByteThatIsWrong(string latin, string where)
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllBytes(folder.Combine(".env"), Encoding.Latin1.GetBytes(latin));

        var message = Assert.Throws<DotEnvException>(() => DotEnvFile.Read(folder.Combine(".env"), name: ".env")).Message;

        Assert.Equal($"{where} is not valid UTF-8: save the file as UTF-8", message);
        Assert.Equal(message, EditError(folder));
    }

    /// <summary>What is not there is no file; what cannot be read is not that.</summary>
    [SkippableTheory]
    [InlineData("a folder")]
    [InlineData("not a regular file")]
    [InlineData("denied")]
    public void Read_AnythingButAFile_IsAnErrorThatSaysWhy(string reason)
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Combine("closed", ".env");
        Directory.CreateDirectory(folder.Combine("closed"));
        AnotherUser.Admit(folder.Path);
        switch (reason)
        {
            case "a folder":
                Directory.CreateDirectory(path);
                break;
            case "not a regular file":
                AnotherUser.MakePipe(path);
                break;
            default:
                AnotherUser.SetMode(folder.Combine("closed"), "000");
                break;
        }

        Exception? error = null;
        if (reason == "denied")
        {
            AnotherUser.Run(() => error = Record.Exception(() => DotEnvFile.Read(path)));
            AnotherUser.SetMode(folder.Combine("closed"), "700");
        }
        else
        {
            error = Record.Exception(() => DotEnvFile.Read(path));
            Assert.Contains(reason, EditError(folder, "closed"), StringComparison.Ordinal);
        }

        Assert.Contains(reason, Assert.IsType<DotEnvException>(error).Message, StringComparison.Ordinal);
        Assert.Contains(path + ":1: ", error.Message, StringComparison.Ordinal);
    }

    private static string EditError(TemporaryDirectory folder, string? within = null) => Assert.Throws<DotEnvException>(() => DotEnvEditor.EditFile(
        within is null ? folder.Combine(".env") : folder.Combine(within, ".env"), new Dictionary<string, string?> { ["X"] = "1" }, false)).Message;

    [Theory]
    [InlineData("a\n")]
    [InlineData("A='\n")]
    [InlineData("A=\"\\\"\n")]
    [InlineData("A=\"'\n")]
    [InlineData("A='\\\\'\n")]
    [InlineData("A=\"\\\\\" \n")]
    [InlineData("A=1\n")]
    [InlineData("A=1 # ")]
    [InlineData("A= ")]
    [InlineData("export ")]
    [InlineData("=")]
    [InlineData("\n")]
    public async Task Parse_ManyRepetitions_IsReadOnceAndAFewErrorsAreShown(string piece)
    {
        string Repeat(int count) => string.Concat(Enumerable.Repeat(piece, count));
        Hostile.AssertLinear(10_000, Repeat, text => Record.Exception(() => DotEnvFile.Parse(text, ".env")));

        var error = await Hostile.ReadAsync(() => Record.Exception(() => DotEnvFile.Parse(Repeat((1 << 20) / piece.Length), ".env")));

        Assert.InRange(error?.Message.Length ?? 0, 0, 5000);
    }

    [Fact]
    public void Parse_ManyDuplicates_AreWarnedOfUpToABound() =>
        Assert.Equal("… and 79 more.", DotEnvFile.Parse(string.Concat(Enumerable.Repeat("A=1\n", 100)), ".env").Warnings[^1]);
}

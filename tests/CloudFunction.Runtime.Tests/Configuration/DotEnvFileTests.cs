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

    [Fact]
    public void Read_NotUtf8_SaysSo()
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllBytes(folder.Combine(".env"), [(byte)'A', (byte)'=', 0xff]);

        Assert.Contains("UTF-8", Assert.Throws<DotEnvException>(() => DotEnvFile.Read(folder.Combine(".env"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\n")]
    [InlineData("A='\n")]
    [InlineData("A=\"\\\"\n")]
    [InlineData("A=\"'\n")]
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

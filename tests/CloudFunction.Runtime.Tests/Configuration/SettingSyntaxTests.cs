using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tests.Configuration;

public sealed class SettingSyntaxTests
{
    [Theory]
    [InlineData("30", 30_000)]
    [InlineData("0.5", 500)]
    [InlineData("500ms", 500)]
    [InlineData("5s", 5_000)]
    [InlineData("2 m", 120_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("7D", 604_800_000)]
    public void TryParseDuration_AllUnits_AreUnderstood(string text, long milliseconds)
    {
        Assert.True(SettingSyntax.TryParseDuration(text, out var value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData("5x")]
    [InlineData("5ss")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("00:00:30")]
    [InlineData("99999999999999999999d")]
    public void TryParseDuration_Else_Fails(string text) => Assert.False(SettingSyntax.TryParseDuration(text, out _));

    [Theory]
    [InlineData("1024", 1024)]
    [InlineData("1KB", 1024)]
    [InlineData("1.5 mb", 1_572_864)]
    [InlineData("2GB", 2_147_483_648)]
    public void TryParseSize_AllUnits_ArePowersOf1024(string text, long bytes)
    {
        Assert.True(SettingSyntax.TryParseSize(text, out var value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KB")]
    [InlineData("1.5")]
    [InlineData("-1KB")]
    [InlineData("1TB")]
    [InlineData("99999999999999999999GB")]
    public void TryParseSize_Else_Fails(string text) => Assert.False(SettingSyntax.TryParseSize(text, out _));

    [Theory]
    [InlineData("true", true)]
    [InlineData("YES", true)]
    [InlineData("1", true)]
    [InlineData("False", false)]
    [InlineData("no", false)]
    [InlineData("0", false)]
    public void TryParseBoolean_KnownWords_AreUnderstood(string text, bool expected)
    {
        Assert.True(SettingSyntax.TryParseBoolean(text, out var value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void TryParseBoolean_Else_Fails() => Assert.False(SettingSyntax.TryParseBoolean("on", out _));

    [Fact]
    public void TryParseList_Items_AreTrimmed()
    {
        Assert.True(SettingSyntax.TryParseList(" a, b ,,c", out var value));
        Assert.Equal(["a", "b", "c"], value);
    }
}

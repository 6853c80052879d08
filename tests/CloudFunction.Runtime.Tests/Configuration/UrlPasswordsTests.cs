using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tests.Configuration;

public sealed class UrlPasswordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("https://example.com/a@b", "https://example.com/a@b")]
    [InlineData("https://ada:secret@example.com/x", "https://***@example.com/x")]
    [InlineData("///ada@x", "///***@x")]
    [InlineData("//a b@c //d@e", "//a b@c //***@e")]
    public void Mask_UserAndPassword_AreHidden(string text, string expected) => Assert.Equal(expected, UrlPasswords.Mask(text));

    [Fact]
    public void Mask_AnyText_IsWhatTheExpressionMadeOfIt()
    {
        var oracle = Hostile.Oracle(@"//[^/@\s]*@");
        Assert.All(
            Hostile.Texts(1, ["/", "//", "@", "a", " ", ":", "\n", "b@"]),
            text => Assert.Equal(oracle.Replace(text, "//***@"), UrlPasswords.Mask(text)));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("//a@")]
    [InlineData("//a")]
    public void Mask_ManyRepetitions_IsLinear(string piece) =>
        Hostile.AssertLinear(50_000, count => string.Concat(Enumerable.Repeat(piece, count)), text => UrlPasswords.Mask(text));
}

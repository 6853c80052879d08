using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tests.Configuration;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["console", "level", "handlers", "formatter", "format"];

    [Theory]
    [InlineData("consol", "console")]
    [InlineData("CONSOLE", "console")]
    [InlineData("handler", "handlers")]
    [InlineData("fromat", "format")]
    [InlineData("formater", "formatter")]
    [InlineData("lvel", "level")]
    [InlineData("", null)]
    [InlineData("x", null)]
    [InlineData("filters", null)]
    public void Of_Name_IsTheOneThatWasMeant(string name, string? expected) => Assert.Equal(expected, NearestName.Of(name, Known));

    [Fact]
    public void Of_NameThatIsTooLong_IsNotCompared() => Assert.Null(NearestName.Of(new string('x', 100_000), [new string('x', 99_999)]));
}

using CloudFunction.Runtime.Logging.Formatting;

namespace CloudFunction.Runtime.Tests.Logging.Formatting;

public sealed class PercentFormatTests
{
    private const string Fields =
        "allowed are asctime, levelname, levelno, name, message, msecs, created, process, processName, thread, threadName, project, function, "
        + "invocation_id, trace_id";

    private const string Layouts =
        "allowed are 's' for text, 'd' for whole numbers and 'f' for decimals, after flags (-, 0, + and space), width and precision";

    [Theory]
    [InlineData("%(mesage)s", "the field '%(mesage)' is not known (did you mean 'message'?); " + Fields)]
    [InlineData("%(user_id)s", "the field '%(user_id)' is not known; " + Fields)]
    [InlineData("%()s", "the field '%()' is not known; " + Fields)]
    [InlineData("%(lineno)d", "the field '%(lineno)' is not available here; " + Fields)]
    [InlineData("%(message)d", "the field '%(message)d' is written as a number, and it is text; allowed is '%(message)s'")]
    [InlineData("%(message)", "'%(message)' does not end with a letter that is known; " + Layouts)]
    [InlineData("%(message).s", "'%(message).' has no digits behind its point; allowed is a precision such as '.3', or no point")]
    [InlineData("%(message)-8x.", "'%(message)-8x' does not end with a letter that is known; " + Layouts)]
    [InlineData("%(message)*s", "'%(message)*' does not end with a letter that is known; " + Layouts)]
    [InlineData("%(message", "'%(message' has no ')'; allowed are fields such as '%(message)s'")]
    [InlineData("%s", "a '%' stands alone; allowed are fields such as '%(message)s', and '%%' for the character itself")]
    [InlineData("100 %", "a '%' stands alone; allowed are fields such as '%(message)s', and '%%' for the character itself")]
    [InlineData("%(message)201s", "the field '%(message)' is too wide; allowed is a width up to 200 and a precision of numbers up to 50")]
    [InlineData("%(msecs)99999999999d", "the field '%(msecs)' is too wide; allowed is a width up to 200 and a precision of numbers up to 50")]
    [InlineData("%(msecs).51f", "the field '%(msecs)' is too wide; allowed is a width up to 200 and a precision of numbers up to 50")]
    [InlineData("%(message)r", "'%(message)r' does not end with a letter that is known; " + Layouts)]
    [InlineData("%(levelno)x", "'%(levelno)x' does not end with a letter that is known; " + Layouts)]
    [InlineData("%(created)e", "'%(created)e' does not end with a letter that is known; " + Layouts)]
    [InlineData("%(name)#s", "'%(name)#' does not end with a letter that is known; " + Layouts)]
    [InlineData("text alone", "there is no field in the format, and so every record would be the same; allowed are fields such as '%(message)s'")]
    [InlineData(" %% ", "there is no field in the format, and so every record would be the same; allowed are fields such as '%(message)s'")]
    [InlineData("%(name)s\n%(message)s", "there is a line break in the format; allowed is one line, since a record is one")]
    public void Parse_WrongFormat_SaysWhatIsAllowed(string format, string expected)
    {
        PercentFormat.Parse(format, out var errors);

        Assert.Equal(expected, Assert.Single(errors));
    }

    [Fact]
    public void Parse_SeveralWrongFields_NamesThemAll()
    {
        PercentFormat.Parse("%(a1)s %(message)s %(b2)s %d", out var errors);

        Assert.Equal(
            ["'%(a1)'", "'%(b2)'", "'%'"], errors.Select(error => error.Split(' ').First(word => word.StartsWith("'%", StringComparison.Ordinal))));
    }

    [Fact]
    public void Parse_LineBreakAtTheEnd_DoesNotCount()
    {
        var parts = PercentFormat.Parse("%(message)s\r\n", out var errors);

        Assert.Empty(errors);
        Assert.Single(parts);
    }

    [Theory]
    [InlineData("%Q", "the code '%Q' is not known in a datefmt; allowed are %Y,")]
    [InlineData("%H:%M:%S.%f", "the code '%f' is not known in a datefmt (milliseconds are '%(msecs)03d' in the format); allowed are %Y,")]
    [InlineData("%H%%%", "the code '%' is not known in a datefmt; allowed are %Y,")]
    [InlineData("%H %n", "the code '%n' is a line break; allowed is one line")]
    [InlineData("%-T", "the code '%-T' has a flag or a width, which only a number or a name can have; allowed is '%T'")]
    [InlineData("%5z", "the code '%5z' has a flag or a width, which only a number or a name can have; allowed is '%z'")]
    [InlineData("%Ed", "the code '%Ed' has an 'E', which means nothing there; allowed is '%d'")]
    [InlineData("%OA", "the code '%OA' has an 'O', which means nothing there; allowed is '%A'")]
    [InlineData("%201d", "the code '%201d' is too wide; allowed is a width up to 200")]
    [InlineData("%99999999999d", "the code '%99999999999d' is too wide; allowed is a width up to 200")]
    [InlineData("%-", "the code '%-' is not known in a datefmt; allowed are %Y,")]
    [InlineData("%+", "the code '%+' is not known in a datefmt; allowed are %Y,")]
    [InlineData("%H\n", "there is a line break in the datefmt; allowed is one line")]
    public void ParseDateFormat_WrongCode_SaysWhatIsAllowed(string format, string expected)
    {
        DateFormat.Parse(format, out var errors);

        Assert.StartsWith(expected, Assert.Single(errors), StringComparison.Ordinal);
    }
}

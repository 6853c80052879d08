using CloudFunction.Worker.Functions.Output;

namespace CloudFunction.Worker.Tests.Functions.Output;

public class ConsoleLineTests
{
    private readonly List<string> _lines = [];
    private readonly ConsoleLine _line;

    public ConsoleLineTests() => _line = new ConsoleLine(_lines.Add);

    [Fact]
    public void Add_PartsOfLines_ArePutTogetherAndEmptyOnesLeftOut()
    {
        _line.Add("one");
        _line.Add(" and\r\n\n\r\ntwo\nthr");
        Assert.Equal(["one and", "two"], _lines);
        _line.Add("ee\n");
        Assert.Equal(["one and", "two", "three"], _lines);
    }

    [Fact]
    public void Add_NoNewline_IsCutAndMarkedAndTakesNoMemory()
    {
        for (var i = 0; i < 1000; i++)
        {
            _line.Add(new string('a', 1000));
        }

        Assert.Empty(_lines);
        _line.Add("\nb\n");
        Assert.Equal([new string('a', ConsoleLine.MaxLength) + "…", "b"], _lines);
    }

    [Fact]
    public void Add_CutInTheMiddleOfACharacter_LeavesItOut()
    {
        _line.Add("a" + string.Concat(Enumerable.Repeat("\U0001F600", ConsoleLine.MaxLength)) + "\n");
        Assert.Equal("a" + string.Concat(Enumerable.Repeat("\U0001F600", (ConsoleLine.MaxLength / 2) - 1)) + "…", Assert.Single(_lines));
    }

    [Fact]
    public void Add_Nul_IsMadeVisible()
    {
        _line.Add("a\0b\n");
        Assert.Equal(["a\\0b"], _lines);
    }

    [Fact]
    public void End_PartOfALine_IsSentAndWhatFollowsAtOnce()
    {
        _line.Add("part");
        _line.End();
        Assert.Equal(["part"], _lines);
        _line.Add("late");
        _line.Add("\n");
        Assert.Equal(["part", "late"], _lines);
    }
}

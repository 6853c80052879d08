using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

public sealed class HostileScheduleTests
{
    [Theory]
    [InlineData("", "[", "")]
    [InlineData("tasks: ", "[", "]")]
    [InlineData("tasks: ", "{a: ", "}")]
    [InlineData("", "- ", "")]
    [InlineData("", "? ", "")]
    [InlineData("", "a: &a [*a, *a]\n", "")]
    [InlineData("", "&a ", "")]
    [InlineData("", "!!str ", "")]
    [InlineData("", "\t\n", "")]
    [InlineData("", "x: \"", "")]
    [InlineData("", "'", "")]
    [InlineData("", "x: |\n", "")]
    [InlineData("", "# x\n", "")]
    [InlineData("tasks:\n  system:\n", "    a: {type: system}\n", "")]
    [InlineData("tasks:\n  system:\n    a: {", "b: 1, ", "}")]
    public async Task Parse_FileOfRepetitions_IsRefusedAtOnce(string start, string piece, string end)
    {
        var count = ((256 << 10) - start.Length) / (piece.Length + end.Length);
        var text = start + string.Concat(Enumerable.Repeat(piece, count)) + string.Concat(Enumerable.Repeat(end, end.Length == 0 ? 0 : count));

        var error = await Hostile.ReadAsync(() => Record.Exception(() => ScheduleFile.Parse(text, "s.yaml", "UTC")));

        Assert.True(error is null or ConfigurationFileException, error?.ToString());
        Assert.InRange(error?.Message.Length ?? 0, 0, 200_000);
    }

    [Theory]
    [InlineData("*,", "0")]
    [InlineData("*/1,", "0")]
    [InlineData("1-", "2")]
    [InlineData("*/", "2")]
    [InlineData("0 ", "0")]
    [InlineData(" ", "0")]
    [InlineData("last ", "fri")]
    [InlineData("5th mon,", "5th sun")]
    [InlineData("@", "x")]
    public async Task TryRead_TimingOfRepetitions_IsReadOrRefusedAtOnce(string piece, string end)
    {
        foreach (var count in (int[])[3, 30, 120, 1_000_000])
        {
            var text = string.Concat(Enumerable.Repeat(piece, count)) + end;
            var all = ((string[])["year", "month", "day", "week", "day_of_week", "hour", "minute", "second"]).ToDictionary(name => name, _ => text);
            foreach (var timing in (ScheduleTiming[])[new(text, null, "UTC"), new(null, all, "UTC"), new("* * * * *", null, text)])
            {
                await Hostile.ReadAsync(() => Recurrence.TryRead(timing, []));
            }
        }
    }

    /// <summary>The worst that fields can ask for within their lengths: each of them looks at many parts, and no date meets all.</summary>
    [Fact]
    public async Task TryRead_FieldsThatNoDateMeets_AreRefusedAtOnce()
    {
        var fields = new Dictionary<string, string>
        {
            ["month"] = "6",
            ["week"] = string.Join(',', Enumerable.Repeat("53", 85)),
            ["day_of_week"] = string.Join(',', Enumerable.Repeat("0-6", 64)),
            ["day"] = string.Join(',', Enumerable.Repeat("last", 51)),
        };
        List<ScheduleProblem> problems = [];

        Assert.Null(await Hostile.ReadAsync(() => Recurrence.TryRead(new ScheduleTiming(null, fields, "UTC"), problems)));

        Assert.Contains("never due", Assert.Single(problems).Message, StringComparison.Ordinal);
    }
}

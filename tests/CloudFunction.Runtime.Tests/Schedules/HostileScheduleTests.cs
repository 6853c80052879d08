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

    /// <summary>A value that fills the file: it is read or refused in a time that grows with its length alone.</summary>
    [Theory]
    [InlineData("", "7", null)]
    [InlineData("", "7_", "'7_7_7_7_")]
    [InlineData("0x", "f", "is a number of more than 256 characters; allowed are shorter ones, and text in quotes")]
    [InlineData("0", "7", "…' is the number 7777")]
    [InlineData("-0b", "1", "is text in YAML 1.2 and a number of more than 256 characters in YAML 1.1")]
    [InlineData("1", ":59", "is text in YAML 1.2 and a number of more than 256 characters in YAML 1.1")]
    [InlineData("1.", "3", null)]
    [InlineData("1e", "9", "is a number in YAML 1.2 and text in YAML 1.1")]
    [InlineData("2026-1-1 ", " 1", null)]
    [InlineData("a", "b", null)]
    public async Task Parse_HugeValue_IsReadOrRefusedAtOnce(string start, string piece, string? problem)
    {
        var value = start + string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length));
        var text = $"tasks: {{projects: {{shop: {{a: {{function: f, cron: '0 0 * * *', args: {{x: {value}}}}}}}}}}}";

        var error = await Hostile.ReadAsync(() => Record.Exception(() => ScheduleFile.Parse(text, "s.yaml", "UTC")));

        Assert.Equal(problem is null, error is null);
        Assert.True(error is null or ConfigurationFileException, error?.ToString());
        Assert.InRange(error?.Message.Length ?? 0, 0, 2_000);
        Assert.Contains(problem ?? "", error?.Message ?? "", StringComparison.Ordinal);
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

using System.Text;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

public sealed class FunctionSchedulesTests
{
    private static readonly DeployedSchedule Monday = new("0 8 * * 1", "Europe/Berlin", """{"days":7}""", "All", "Queue");

    [Fact]
    public void Read_TwoOnOneFunction_HaveIdsOfTheirOwnAndAllThatIsWritten()
    {
        var problems = new List<string>();

        var schedules = FunctionSchedules.Read(
            "shop", [Function("a_2"), Function("a", Monday, Monday with { Cron = "*/5 * * * *", Misfire = "Once", Overlap = "Skip" })], "UTC",
            problems);

        Assert.Empty(problems);
        Assert.Equal(["function_shop.a", "function_shop.a.2"], schedules.Select(s => s.Id));
        Assert.Equal(["a", "a.2"], schedules.Select(s => s.Name));
        Assert.All(schedules, s => Assert.Equal(
            ("shop", "a", ScheduleSource.Function, "Europe/Berlin"), (s.Target.Project, s.Target.Function, s.Source, s.Timing.TimeZone)));
        Assert.Equal(
            [(MisfirePolicy.All, OverlapPolicy.Queue), (MisfirePolicy.Once, OverlapPolicy.Skip)], schedules.Select(s => (s.Misfire, s.Overlap)));
        Assert.Equal("""{"days":7}""", Encoding.UTF8.GetString(schedules[0].Target.Payload.Span));
        Assert.Equal(
            new DateTimeOffset(2026, 11, 23, 7, 0, 0, TimeSpan.Zero),
            schedules[0].Recurrence.NextAfter(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void Read_NamesNoTimeZone_HasTheDefault()
    {
        var schedule = Assert.Single(FunctionSchedules.Read("shop", [Function("a", Monday with { TimeZone = null })], "Asia/Shanghai", []));

        Assert.Equal("Asia/Shanghai", schedule.Timing.TimeZone);
        Assert.Equal(
            new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero),
            schedule.Recurrence.NextAfter(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("0 25 * * *", "UTC", "{}", "Once", "Skip", "cron")]
    [InlineData("", "UTC", "{}", "Once", "Skip", "cron")]
    [InlineData("0 8 * * 1", "Mars/Base", "{}", "Once", "Skip", "timezone")]
    [InlineData("0 8 * * 1", "", "{}", "Once", "Skip", "timezone")]
    [InlineData("0 8 * * 1", "UTC", "{days: 7}", "Once", "Skip", "payload")]
    [InlineData("0 8 * * 1", "UTC", "", "Once", "Skip", "payload")]
    [InlineData("0 8 * * 1", "UTC", "{}", "9", "Skip", "misfire")]
    [InlineData("0 8 * * 1", "UTC", "{}", "Once", "9", "overlap")]
    public void Read_OneThingIsWrong_SaysWhatAndWhereAndLeavesItOut(
        string cron, string timeZone, string payload, string misfire, string overlap, string field)
    {
        var problems = new List<string>();

        var schedules = FunctionSchedules.Read(
            "shop", [Function("report", Monday, new DeployedSchedule(cron, timeZone, payload, misfire, overlap))], "UTC", problems);

        Assert.Single(schedules);
        Assert.StartsWith(
            $"The [Schedule(\"{cron}\")] on the function 'report' is wrong: {field}: ", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MuchIsWrong_SaysAllOfIt()
    {
        var problems = new List<string>();

        Assert.Empty(FunctionSchedules.Read(
            "shop", [Function("a", new DeployedSchedule("x", "y", "z", "once", "skip")), Function("b", Monday) with { Kind = "http" }], "UTC",
            problems));

        Assert.Equal(["payload", "timezone", "cron", "kind"], problems.Select(problem => problem.Split(": ")[1]));
    }

    private static DeployedFunction Function(string name, params DeployedSchedule[] schedules) =>
        new(name, null, "unary", null, null, null, default, default, schedules.Length > 0 ? schedules : null);
}

using System.Globalization;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

public sealed class RecurrenceTests
{
    [Theory]
    // Every Monday, which is 0 in fields and 1 in an expression.
    [InlineData("day_of_week=mon hour=8 minute=30", "UTC", "2026-01-01T00:00:00Z", "2026-01-05T08:30:00Z 2026-01-12T08:30:00Z")]
    [InlineData("day_of_week=0 hour=8 minute=30", "UTC", "2026-01-01T00:00:00Z", "2026-01-05T08:30:00Z 2026-01-12T08:30:00Z")]
    [InlineData("30 8 * * 1", "UTC", "2026-01-01T00:00:00Z", "2026-01-05T08:30:00Z 2026-01-12T08:30:00Z")]
    [InlineData("30 8 * * 0", "UTC", "2026-01-01T00:00:00Z", "2026-01-04T08:30:00Z 2026-01-11T08:30:00Z")]
    // Weeks of ISO 8601: 2026 has 53, and the first week of 2026 begins in 2025.
    [InlineData("week=*/4 day_of_week=mon hour=8 minute=30", "UTC", "2026-01-01T00:00:00Z", "2026-01-26T08:30:00Z 2026-02-23T08:30:00Z")]
    [InlineData("week=53 day_of_week=fri", "UTC", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z 2032-12-31T00:00:00Z")]
    [InlineData("week=1 day_of_week=mon", "UTC", "2025-12-01T00:00:00Z", "2025-12-29T00:00:00Z 2027-01-04T00:00:00Z")]
    // What is finer than the finest field given is its least value, what is coarser is anything.
    [InlineData("month=3", "UTC", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z 2027-03-01T00:00:00Z")]
    [InlineData("hour=*/6", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T06:00:00Z 2026-01-01T12:00:00Z")]
    [InlineData("second=*/20", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:00:20Z 2026-01-01T00:00:40Z 2026-01-01T00:01:00Z")]
    [InlineData("minute=50/5", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:50:00Z 2026-01-01T00:55:00Z 2026-01-01T01:50:00Z")]
    [InlineData(
        "hour=1-9/4,20", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z 2026-01-01T05:00:00Z 2026-01-01T09:00:00Z 2026-01-01T20:00:00Z")]
    [InlineData("month=jan-feb day=1", "UTC", "2026-01-15T00:00:00Z", "2026-02-01T00:00:00Z 2027-01-01T00:00:00Z")]
    [InlineData("year=2028,2030 month=2 day=29", "UTC", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z none")]
    [InlineData("month=2 day=29", "UTC", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z")]
    [InlineData("day=last", "UTC", "2028-02-01T00:00:00Z", "2028-02-29T00:00:00Z 2028-03-31T00:00:00Z")]
    [InlineData("day=last fri,1st mon", "UTC", "2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z 2026-01-30T00:00:00Z 2026-02-02T00:00:00Z")]
    [InlineData("day=5th sun", "UTC", "2026-01-01T00:00:00Z", "2026-03-29T00:00:00Z 2026-05-31T00:00:00Z")]
    // A zone without daylight saving.
    [InlineData("hour=8", "Asia/Shanghai", "2026-01-01T00:00:00Z", "2026-01-02T08:00:00+08:00")]
    // Spring: 02:30 is not there. Both ways of writing agree.
    [InlineData("hour=2 minute=30", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T03:00:00+02:00 2026-03-30T02:30:00+02:00")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T03:00:00+02:00 2026-03-30T02:30:00+02:00")]
    [InlineData("minute=*/30", "Europe/Berlin", "2026-03-29T00:45:00Z", "2026-03-29T03:00:00+02:00 2026-03-29T03:30:00+02:00")]
    [InlineData("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:45:00Z", "2026-03-29T03:00:00+02:00 2026-03-29T03:30:00+02:00")]
    [InlineData("hour=2 minute=15", "America/New_York", "2026-03-07T12:00:00Z", "2026-03-08T03:00:00-04:00 2026-03-09T02:15:00-04:00")]
    [InlineData("hour=2 minute=15", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", "2026-10-04T02:30:00+11:00 2026-10-05T02:15:00+11:00")]
    // Autumn: 02:30 is there twice; a time of day is due once, an interval each time.
    [InlineData("hour=2 minute=30", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T02:30:00+02:00 2026-10-26T02:30:00+01:00")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T02:30:00+02:00 2026-10-26T02:30:00+01:00")]
    [InlineData(
        "minute=*/30", "Europe/Berlin", "2026-10-25T00:15:00Z",
        "2026-10-25T02:30:00+02:00 2026-10-25T02:00:00+01:00 2026-10-25T02:30:00+01:00 2026-10-25T03:00:00+01:00")]
    [InlineData(
        "*/30 * * * *", "Europe/Berlin", "2026-10-25T00:15:00Z",
        "2026-10-25T02:30:00+02:00 2026-10-25T02:00:00+01:00 2026-10-25T02:30:00+01:00 2026-10-25T03:00:00+01:00")]
    [InlineData("hour=1 minute=45", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", "2026-04-05T01:45:00+11:00 2026-04-06T01:45:00+10:30")]
    // Daylight saving is negative: winter is the exception, or Ramadan.
    [InlineData("hour=1 minute=30", "Europe/Dublin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z 2026-03-30T00:30:00Z")]
    [InlineData("30 1 * * *", "Europe/Dublin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z 2026-03-30T00:30:00Z")]
    [InlineData(
        "hour=* minute=0", "Europe/Dublin", "2026-10-24T22:30:00Z",
        "2026-10-24T23:00:00Z 2026-10-25T00:00:00Z 2026-10-25T01:00:00Z 2026-10-25T02:00:00Z")]
    [InlineData(
        "0 * * * *", "Europe/Dublin", "2026-10-24T22:30:00Z",
        "2026-10-24T23:00:00Z 2026-10-25T00:00:00Z 2026-10-25T01:00:00Z 2026-10-25T02:00:00Z")]
    [InlineData(
        "minute=*/15", "Africa/Casablanca", "2026-03-22T01:20:00Z",
        "2026-03-22T01:30:00Z 2026-03-22T01:45:00Z 2026-03-22T02:00:00Z 2026-03-22T02:15:00Z")]
    [InlineData(
        "*/15 * * * *", "Africa/Casablanca", "2026-03-22T01:20:00Z",
        "2026-03-22T01:30:00Z 2026-03-22T01:45:00Z 2026-03-22T02:00:00Z 2026-03-22T02:15:00Z")]
    // A day that was left out, and years that are far away.
    [InlineData("hour=12", "Pacific/Apia", "2011-12-29T22:30:00Z", "2011-12-30T10:00:00Z 2011-12-30T22:00:00Z")]
    [InlineData("year=2500", "UTC", "2026-01-01T00:00:00Z", "2500-01-01T00:00:00Z none")]
    [InlineData("year=9999", "UTC", "2026-01-01T00:00:00Z", "9999-01-01T00:00:00Z none")]
    [InlineData("month=2 day=29 week=9 day_of_week=thu", "UTC", "2026-01-01T00:00:00Z", "2052-02-29T00:00:00Z")]
    // Both days of an expression: a day must be both.
    [InlineData("0 0 1 * 1", "UTC", "2026-01-31T08:15:30Z", "2026-06-01T00:00:00Z 2027-02-01T00:00:00Z 2027-03-01T00:00:00Z")]
    public void NextAfter_FromATime_IsWhatIsDue(string schedule, string zone, string from, string due)
    {
        var problems = new List<ScheduleProblem>();
        var recurrence = Recurrence.TryRead(TimingOf(schedule, zone), problems);
        Assert.True(recurrence is not null, string.Join(' ', problems.Select(p => p.Message)));

        DateTimeOffset? time = DateTimeOffset.Parse(from, CultureInfo.InvariantCulture);
        foreach (var expected in due.Split(' '))
        {
            time = recurrence.NextAfter(time!.Value);
            if (expected == "none")
            {
                Assert.Null(time);
                return;
            }

            Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), time);
        }
    }

    [Theory]
    [InlineData("day_of_week=7", "schedule.day_of_week", "'7' is out of range: the day_of_week goes from 0 to 6.")]
    [InlineData("hour=24", "schedule.hour", "'24' is out of range: the hour goes from 0 to 23.")]
    [InlineData("hour=9-5", "schedule.hour", "'9-5' goes backwards")]
    [InlineData("minute=*/0", "schedule.minute", "has no step after its '/'")]
    [InlineData("minute=a", "schedule.minute", "'a' is not a valid minute: write a number from 0 to 59")]
    [InlineData("minute=", "schedule.minute", "'' is not a valid minute")]
    [InlineData("day=6th mon", "schedule.day", "last, last fri, 1st mon to 5th mon")]
    [InlineData("month=foo", "schedule.month", "a name (jan to dec)")]
    [InlineData("hours=1", "schedule.hours", "'hours' is not a field of a time: those are year, month, day")]
    [InlineData("month=2 day=30", "schedule", "It is never due")]
    [InlineData("0 0 30 2 *", "cron", "It is never due")]
    [InlineData("day_of_week=mon-5", "schedule.day_of_week", "'mon-5' mixes a name and a number: write two names, or 0-5")]
    [InlineData("day_of_week=1-fri", "schedule.day_of_week", "'1-fri' mixes a name and a number: write two names, or 1-4")]
    [InlineData("month=jan-3", "schedule.month", "'jan-3' mixes a name and a number: write two names, or 1-3")]
    [InlineData("day_of_week=mon-fri/2", "schedule.day_of_week", "write mon-fri where it was meant to be so, or 0-4/2 where the step counts")]
    [InlineData("month=jan/3", "schedule.month", "write jan where it was meant to be so, or 1/3 where the step counts")]
    [InlineData("H * * * *", "cron", "'H * * * *' is not a cron expression")]
    [InlineData("H/15 * * * *", "cron", "is not a cron expression")]
    [InlineData("0 0 * * mon-fri/2", "cron", "'mon-fri/2' has a step after a name")]
    [InlineData("0 0 * * MON/2", "cron", "'MON/2' has a step after a name")]
    [InlineData("0 0 1 jan-jun/2 *", "cron", "'jan-jun/2' has a step after a name")]
    [InlineData("0 0 * * SUN,MON-5", "cron", "'MON-5' mixes a name and a number")]
    [InlineData("0 0 * * 1-fri", "cron", "'1-fri' mixes a name and a number")]
    [InlineData("year=1999", "schedule", "no date from 2000 on matches")]
    [InlineData("@nope", "cron", "'@nope' is not a cron expression: the names are @every_second, @every_minute, @hourly, @daily")]
    [InlineData("@reboot", "cron", "'@reboot' is not a cron expression: the names are @every_second")]
    [InlineData("", "cron", "'' is not a cron expression: it is empty. Write five fields")]
    [InlineData("H", "cron", "'H' is not a cron expression: it has 1 field. Write")]
    [InlineData("* * * * * * *", "cron", "it has 7 fields. Write")]
    [InlineData("61 * * * *", "cron", "'61 * * * *' is not a cron expression: '61' is not a valid minute. Write")]
    [InlineData("0 * * 13 *", "cron", "'13' is not a valid month. Write")]
    [InlineData("0 0 0 * * 8", "cron", "'8' is not a valid day of week. Write")]
    [InlineData("x 0 0 * * 1", "cron", "'x' is not a valid second. Write")]
    [InlineData("* * *", "cron", "Write five fields (minute, hour, day of month, month, day of week; Sunday is 0)")]
    public void TryRead_IsWrong_SaysWhereWhatAndWhatWouldBeRight(string schedule, string field, string message)
    {
        var problems = new List<ScheduleProblem>();

        Assert.Null(Recurrence.TryRead(TimingOf(schedule, "UTC"), problems));

        var problem = Assert.Single(problems);
        Assert.Equal(field, problem.Field);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_MuchIsWrong_SaysAllAtOnce()
    {
        var problems = new List<ScheduleProblem>();

        Assert.Null(Recurrence.TryRead(TimingOf("hour=25 minute=x", "Mars/Base"), problems));

        Assert.Equal(["timezone", "schedule.minute", "schedule.hour"], problems.Select(p => p.Field));
    }

    private static ScheduleTiming TimingOf(string schedule, string zone) => schedule.Contains('=', StringComparison.Ordinal)
        ? new ScheduleTiming(null, FieldsOf(schedule), zone)
        : new ScheduleTiming(schedule, null, zone);

    // A word without '=' belongs to the value before it: "day=last fri".
    private static Dictionary<string, string> FieldsOf(string schedule)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var name = "";
        foreach (var word in schedule.Split(' '))
        {
            if (word.Split('=') is [var key, var value])
            {
                fields[name = key] = value;
            }
            else
            {
                fields[name] += " " + word;
            }
        }

        return fields;
    }
}

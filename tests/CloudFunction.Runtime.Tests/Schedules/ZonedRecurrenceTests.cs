using System.Globalization;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>Schedules around the changes of clocks, in every zone of the machine.</summary>
public sealed class ZonedRecurrenceTests
{
    private const int FirstYear = 2026;
    private const int LastYear = 2031;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Longer than any clock is set forward or back.
    private static readonly TimeSpan Around = TimeSpan.FromHours(26);

    [SkippableFact]
    public async Task NextAfter_AroundEveryChangeOfEveryZone_IsWhatTheZonesFilesGive()
    {
        Skip.If(ZoneDump.Missing is not null, ZoneDump.Missing);
        var zones = TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).ToList();
        var dumped = await ZoneDump.ReadAsync(zones, FirstYear, LastYear);

        // Links and zones with the same clock are read once.
        var kinds = dumped.GroupBy(zone => string.Join(' ', zone.Value)).Select(kind => kind.First()).ToList();
        Assert.True(
            kinds.Count >= 30 && zones.Count >= 200, $"zdump has {dumped.Count} zones with changes of {zones.Count}, of {kinds.Count} kinds.");
        var wrong = kinds.AsParallel()
            .SelectMany(kind => kind.Value.SelectMany(change => Wrong(kind.Key, kind.Value, change)))
            .Take(20)
            .ToList();

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    /// <summary>Whatever the zone, the schedule and the time: what is due next comes later.</summary>
    [Fact]
    public void NextAfter_AnyTimeInAnyZone_ComesLater()
    {
        var random = new Random(20);
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            foreach (var timing in new[]
            {
                new ScheduleTiming($"{random.Next(60)} {random.Next(4)} * * *", null, zone.Id),
                new ScheduleTiming($"*/{random.Next(1, 50)} * * * *", null, zone.Id),
                new ScheduleTiming(
                    null, new Dictionary<string, string> { ["hour"] = $"{random.Next(4)}", ["minute"] = $"{random.Next(60)}" }, zone.Id),
                new ScheduleTiming(null, new Dictionary<string, string> { ["second"] = $"*/{random.Next(1, 50)}" }, zone.Id),
                new ScheduleTiming(null, new Dictionary<string, string> { ["month"] = "*/2", ["day"] = "last sun", ["hour"] = "2" }, zone.Id),
            })
            {
                var recurrence = Read(timing);
                DateTimeOffset time = new DateTime(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(random.NextInt64(400L * 365 * 86400));
                for (var run = 0; run < 20; run++)
                {
                    var next = recurrence.NextAfter(time)!.Value;
                    Assert.True(next > time, $"{Text(timing)}: after {time:o} came {next:o}");
                    Assert.Equal(zone.GetUtcOffset(next), next.Offset);
                    time = next;
                }
            }
        }
    }

    private static IEnumerable<string> Wrong(string zone, List<ZoneChange> changes, ZoneChange change)
    {
        var (start, end) = (change.At - TimeSpan.FromHours(3), change.At + Around);
        var clock = Clock(changes, start - Around, end);
        foreach (var (timing, isDue, isInterval) in Schedules(zone, change))
        {
            var recurrence = Read(timing);
            var expected = ByHand(clock, isDue, isInterval).Where(due => due >= start).ToList();
            var found = new List<DateTime>();
            for (DateTimeOffset? due = new DateTimeOffset(start.AddTicks(-1)); (due = recurrence.NextAfter(due.Value)) < end;)
            {
                found.Add(due!.Value.UtcDateTime);
            }

            if (!found.SequenceEqual(expected))
            {
                yield return $"{Text(timing)} around {change}: {Times(found)}; by hand {Times(expected)}";
            }
        }
    }

    private static List<(DateTime Utc, DateTime Local)> Clock(List<ZoneChange> changes, DateTime start, DateTime end)
    {
        var clock = new List<(DateTime, DateTime)>();
        for (var time = start; time < end; time += Minute)
        {
            var last = changes.LastOrDefault(change => change.At <= time);
            clock.Add((time, time + (last?.After ?? changes[0].Before)));
        }

        return clock;
    }

    // What is documented, minute by minute.
    private static IEnumerable<DateTime> ByHand(List<(DateTime Utc, DateTime Local)> clock, Func<DateTime, bool> isDue, bool isInterval)
    {
        var latest = clock[0].Local;
        foreach (var (utc, local) in clock.Skip(1))
        {
            var isNew = local > latest;
            var hasLeftOut = false;
            for (var missing = latest + Minute; missing < local; missing += Minute)
            {
                hasLeftOut |= isDue(missing);
            }

            if (hasLeftOut || (isDue(local) && (isNew || isInterval)))
            {
                yield return utc;
            }

            latest = isNew ? local : latest;
        }
    }

    private static IEnumerable<(ScheduleTiming Timing, Func<DateTime, bool> IsDue, bool IsInterval)> Schedules(string zone, ZoneChange change)
    {
        yield return (new ScheduleTiming("*/15 * * * *", null, zone), local => local.Minute % 15 == 0, true);
        yield return (Fields(("minute", "*/15")), local => local.Minute % 15 == 0, true);
        yield return (new ScheduleTiming("7 * * * *", null, zone), local => local.Minute == 7, true);
        yield return (Fields(("hour", "*")), local => local.Minute == 0, true);
        var (before, after) = (change.At + change.Before, change.At + change.After);
        var (first, last) = before < after ? (before, after) : (after, before);
        foreach (var local in new[] { first - Minute, first, first + ((last - first) / 2), last - Minute, last })
        {
            var time = new TimeOnly(local.Hour, local.Minute);
            bool IsDue(DateTime moment) => moment.Hour == time.Hour && moment.Minute == time.Minute;
            yield return (new ScheduleTiming($"{time.Minute} {time.Hour} * * *", null, zone), IsDue, false);
            yield return (Fields(("hour", $"{time.Hour}"), ("minute", $"{time.Minute}")), IsDue, false);
            yield return (Fields(("hour", $"{time.Hour}-{time.Hour}"), ("minute", $"{time.Minute}")), IsDue, true);
            yield return (new ScheduleTiming($"{time.Minute} {time.Hour}-{time.Hour} {local.Day} {local.Month} *", null, zone),
                moment => IsDue(moment) && moment.Day == local.Day && moment.Month == local.Month, true);
        }

        ScheduleTiming Fields(params (string Name, string Text)[] fields) =>
            new(null, fields.ToDictionary(field => field.Name, field => field.Text), zone);
    }

    private static IRecurrence Read(ScheduleTiming timing)
    {
        var problems = new List<ScheduleProblem>();
        return Recurrence.TryRead(timing, problems) ?? throw new ArgumentException(string.Join(' ', problems.Select(problem => problem.Message)));
    }

    private static string Text(ScheduleTiming timing) =>
        $"{timing.Cron ?? string.Join(' ', timing.Fields!.Select(field => $"{field.Key}={field.Value}"))} {timing.TimeZone}";

    private static string Times(List<DateTime> times) =>
        string.Join(' ', times.Take(12).Select(time => time.ToString("MM-ddTHH:mm'Z'", CultureInfo.InvariantCulture)));
}

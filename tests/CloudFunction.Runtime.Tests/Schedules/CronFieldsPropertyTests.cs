using System.Globalization;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>Random fields, read over ten years by code that knows no more than their description: it looks at every day, and at every
/// second of a day that matches.</summary>
public sealed class CronFieldsPropertyTests
{
    private const int Cases = 150;
    private static readonly string[] Order = ["year", "month", "day", "week", "day_of_week", "hour", "minute", "second"];
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    private static readonly DateTime Begin = new(2026, 1, 1);
    private static readonly DateTime End = Begin.AddYears(5);

    [Theory]
    [InlineData("UTC", 1)]
    [InlineData("Asia/Shanghai", 2)]
    [InlineData("UTC", 3)]
    [InlineData("Europe/Berlin", 4)]
    [InlineData("America/New_York", 5)]
    public void NextAfter_RandomFieldsOverFiveYears_IsEveryTimeThatAllAllow(string zoneName, int seed)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        var random = new Random(seed);
        for (var number = 0; number < Cases; number++)
        {
            var fields = RandomFields(random);
            var text = string.Join(' ', fields.Select(f => $"{f.Key}=\"{f.Value}\""));
            var days = Days(fields);
            var seconds = Seconds(fields);
            var problems = new List<ScheduleProblem>();
            if (Recurrence.TryRead(new ScheduleTiming(null, fields, zoneName), problems) is not { } recurrence)
            {
                Assert.True(problems is [{ Field: "schedule" }] && days.Count == 0, $"{text}: {string.Join(' ', problems.Select(p => p.Message))}");
                continue;
            }

            // From the begin of the five years, from each of some places in them, half of them near where the clock changes if it
            // does, and over their end.
            var starts = Enumerable.Range(0, 40)
                .Select(place => place % 2 == 0 ? Any(random) : NearChange(zone, Any(random), random))
                .Append(Begin.AddSeconds(-1));
            foreach (var start in starts.Select(local => TimeZoneInfo.ConvertTimeToUtc(zone.IsInvalidTime(local) ? local.AddHours(1) : local, zone)))
            {
                var expected = FirstAfter(start, days, seconds, fields, zone);
                var found = recurrence.NextAfter(new DateTimeOffset(start));
                var isSame = expected is null ? found is null || found.Value.DateTime >= End : found?.UtcDateTime == expected;
                Assert.True(isSame, $"{text} after {start:s}Z: {found?.UtcDateTime:s}Z, by hand {expected:s}Z");
            }
        }
    }

    private static DateTime Any(Random random) => Begin.AddSeconds(random.NextInt64((long)(End - Begin).TotalSeconds));

    // Within six hours of the next day on which the offset is another in the evening; the place itself where there is none.
    private static DateTime NearChange(TimeZoneInfo zone, DateTime place, Random random)
    {
        for (var day = place.Date; zone.SupportsDaylightSavingTime && day < End; day = day.AddDays(1))
        {
            if (IsChange(zone, day))
            {
                return day.AddSeconds(random.Next(6 * 3600));
            }
        }

        return place;
    }

    private static bool IsChange(TimeZoneInfo zone, DateTime day) => zone.GetUtcOffset(day) != zone.GetUtcOffset(day.AddDays(1));

    private static DateTime? FirstAfter(DateTime start, List<DateTime> days, List<int> seconds, Dictionary<string, string> fields, TimeZoneInfo zone)
    {
        var first = TimeZoneInfo.ConvertTimeFromUtc(start, zone).Date;
        foreach (var day in days.SkipWhile(day => day < first))
        {
            // On a day on which the clock changes, the order of the times of day is not that of the moments.
            var moments = seconds.Select(second => day.AddSeconds(second))
                .SelectMany(local => Moments(zone, local, fields))
                .Where(moment => moment > start);
            var found = (IsChange(zone, day) ? moments.Order() : moments).Select(moment => (DateTime?)moment).FirstOrDefault();
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    // What is documented: a time that is left out is due at the first moment after, one that comes twice the first time, at intervals both times.
    private static IEnumerable<DateTime> Moments(TimeZoneInfo zone, DateTime local, Dictionary<string, string> fields)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.Date.AddMinutes(Math.Floor((local - local.Date).TotalMinutes) + 1);
        }

        if (!zone.IsAmbiguousTime(local))
        {
            return [local - zone.GetUtcOffset(local)];
        }

        var offsets = zone.GetAmbiguousTimeOffsets(local).OrderDescending();
        return offsets.Take(IsInterval(fields) ? 2 : 1).Select(offset => local - offset);
    }

    private static bool IsInterval(Dictionary<string, string> fields)
    {
        var finest = Array.IndexOf(Order, Order.Last(fields.ContainsKey));
        return Order.Skip(5)
            .Any(name => fields.TryGetValue(name, out var text) ? text.AsSpan().IndexOfAny("*-/") >= 0 : Array.IndexOf(Order, name) < finest);
    }

    private static List<DateTime> Days(Dictionary<string, string> fields) =>
        [.. Enumerable.Range(0, (int)(End - Begin).TotalDays).Select(day => Begin.AddDays(day)).Where(day => IsDay(fields, day))];

    private static bool IsDay(Dictionary<string, string> fields, DateTime day) =>
        Allows(fields, "year", day.Year, 1970, 9999, [])
        && Allows(fields, "month", day.Month, 1, 12, Months)
        && Allows(fields, "week", ISOWeek.GetWeekOfYear(day), 1, 53, [])
        && Allows(fields, "day_of_week", day.DayOfWeek == DayOfWeek.Sunday ? 6 : (int)day.DayOfWeek - 1, 0, 6, Weekdays)
        && (Allows(fields, "day", day.Day, 1, 31, [])
            || (fields.TryGetValue("day", out var text) && text.Split(',').Any(part => IsNamedDay(part, day))));

    private static bool IsNamedDay(string part, DateTime day)
    {
        var words = part.Split(' ');
        var weekday = Weekdays[day.DayOfWeek == DayOfWeek.Sunday ? 6 : (int)day.DayOfWeek - 1];
        return words switch
        {
            ["last"] => day.AddDays(1).Month != day.Month,
            ["last", var name] => name == weekday && day.AddDays(7).Month != day.Month,
            [var nth, var name] => name == weekday
                && day.AddDays(-7 * (nth[0] - '1')).Month == day.Month
                && day.AddDays(-7 * (nth[0] - '0')).Month != day.Month,
            _ => false,
        };
    }

    private static List<int> Seconds(Dictionary<string, string> fields) =>
    [
        .. Enumerable.Range(0, 24).Where(hour => Allows(fields, "hour", hour, 0, 23, [])).SelectMany(hour =>
            Enumerable.Range(0, 60).Where(minute => Allows(fields, "minute", minute, 0, 59, [])).SelectMany(minute =>
                Enumerable.Range(0, 60)
                    .Where(second => Allows(fields, "second", second, 0, 59, []))
                    .Select(second => (((hour * 60) + minute) * 60) + second))),
    ];

    private static bool Allows(Dictionary<string, string> fields, string name, int value, int min, int max, string[] names)
    {
        if (!fields.TryGetValue(name, out var text))
        {
            var finest = Order.Last(fields.ContainsKey);
            return name is "week" or "day_of_week" || Array.IndexOf(Order, name) < Array.IndexOf(Order, finest) || value == min;
        }

        return text.Split(',').Any(part =>
        {
            var (range, step) = part.Split('/') is [var left, var right] ? (left, int.Parse(right, CultureInfo.InvariantCulture)) : (part, 0);
            var ends = range == "*" ? [min, max] : range.Split('-').Select(end => Number(end, names, min)).ToArray();
            var last = ends.Length == 2 ? ends[1] : step > 0 ? max : ends[0];
            return ends[0] is { } first && value >= first && value <= last && (step == 0 || (value - first) % step == 0);
        });
    }

    private static int? Number(string text, string[] names, int min) =>
        int.TryParse(text, out var number) ? number : Array.IndexOf(names, text) is >= 0 and var index ? index + min : null;

    private static Dictionary<string, string> RandomFields(Random random)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (fields.Count == 0)
        {
            Add("year", 0.1, () => RandomPart(random, 2026, 2036, []));
            Add("month", 0.3, () => RandomPart(random, 1, 12, Months));
            Add("day", 0.3, () => random.Next(3) > 0 ? RandomPart(random, 1, 31, []) : RandomDay(random));
            Add("week", 0.2, () => RandomPart(random, 1, 53, []));
            Add("day_of_week", 0.3, () => RandomPart(random, 0, 6, Weekdays));
            Add("hour", 0.5, () => RandomPart(random, 0, 23, []));
            Add("minute", 0.5, () => RandomPart(random, 0, 59, []));
            Add("second", 0.2, () => RandomPart(random, 0, 59, []));
        }

        return fields;

        void Add(string name, double chance, Func<string> part)
        {
            if (random.NextDouble() < chance)
            {
                fields[name] = string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => part()));
            }
        }
    }

    private static string RandomDay(Random random) =>
        random.Next(4) == 0 ? "last" : $"{new[] { "last", "1st", "2nd", "3rd", "4th", "5th" }[random.Next(6)]} {Weekdays[random.Next(7)]}";

    private static string RandomPart(Random random, int min, int max, string[] names)
    {
        var (a, b) = (random.Next(min, max + 1), random.Next(min, max + 1));
        var (first, last) = (Math.Min(a, b), Math.Max(a, b));
        var step = random.Next(1, 8);
        var hasNames = names.Length > 0 && random.Next(2) == 0; // Both ends of a range, or neither.
        return random.Next(6) switch
        {
            0 => "*",
            1 => $"*/{step}",
            2 => $"{Text(first)}-{Text(last)}",
            3 => $"{first}-{last}/{step}",
            4 => $"{first}/{step}",
            _ => Text(first),
        };

        string Text(int value) => hasNames ? names[value - min] : value.ToString(CultureInfo.InvariantCulture);
    }
}

using System.Globalization;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>Random fields, read over ten years by code that knows no more than their description: it looks at every day, and at every second of a day that matches.</summary>
public sealed class CronFieldsPropertyTests
{
    private const int Cases = 150;
    private static readonly string[] Order = ["year", "month", "day", "week", "day_of_week", "hour", "minute", "second"];
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    private static readonly DateTime Begin = new(2026, 1, 1);
    private static readonly DateTime End = Begin.AddYears(10);

    [Theory]
    [InlineData("UTC", 1)]
    [InlineData("Asia/Shanghai", 2)]
    [InlineData("UTC", 3)]
    public void NextAfter_RandomFieldsOverTenYears_IsEveryTimeThatAllAllow(string zoneName, int seed)
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

            // From the begin of the ten years, from each of some places in them, and over their end.
            var starts = Enumerable.Range(0, 40).Select(_ => Begin.AddSeconds(random.NextInt64((long)(End - Begin).TotalSeconds))).Append(Begin.AddSeconds(-1));
            foreach (var start in starts)
            {
                var expected = FirstAfter(start, days, seconds);
                var found = recurrence.NextAfter(new DateTimeOffset(start, zone.GetUtcOffset(start)));
                var isSame = expected is null ? found is null || found.Value.DateTime >= End : found?.DateTime == expected;
                Assert.True(isSame, $"{text} after {start:s}: {found:s}, by hand {expected:s}");
            }
        }
    }

    private static DateTime? FirstAfter(DateTime start, List<DateTime> days, List<int> seconds)
    {
        foreach (var day in days.SkipWhile(day => day < start.Date))
        {
            foreach (var second in seconds)
            {
                if (day.AddSeconds(second) > start)
                {
                    return day.AddSeconds(second);
                }
            }
        }

        return null;
    }

    private static List<DateTime> Days(Dictionary<string, string> fields) =>
        [.. Enumerable.Range(0, (int)(End - Begin).TotalDays).Select(day => Begin.AddDays(day)).Where(day => IsDay(fields, day))];

    private static bool IsDay(Dictionary<string, string> fields, DateTime day) =>
        Allows(fields, "year", day.Year, 1970, 9999, [])
        && Allows(fields, "month", day.Month, 1, 12, Months)
        && Allows(fields, "week", ISOWeek.GetWeekOfYear(day), 1, 53, [])
        && Allows(fields, "day_of_week", day.DayOfWeek == DayOfWeek.Sunday ? 6 : (int)day.DayOfWeek - 1, 0, 6, Weekdays)
        && (Allows(fields, "day", day.Day, 1, 31, []) || (fields.TryGetValue("day", out var text) && text.Split(',').Any(part => IsNamedDay(part, day))));

    private static bool IsNamedDay(string part, DateTime day)
    {
        var words = part.Split(' ');
        var weekday = Weekdays[day.DayOfWeek == DayOfWeek.Sunday ? 6 : (int)day.DayOfWeek - 1];
        return words switch
        {
            ["last"] => day.AddDays(1).Month != day.Month,
            ["last", var name] => name == weekday && day.AddDays(7).Month != day.Month,
            [var nth, var name] => name == weekday && day.AddDays(-7 * (nth[0] - '1')).Month == day.Month && day.AddDays(-7 * (nth[0] - '0')).Month != day.Month,
            _ => false,
        };
    }

    private static List<int> Seconds(Dictionary<string, string> fields) =>
    [
        .. Enumerable.Range(0, 24).Where(hour => Allows(fields, "hour", hour, 0, 23, [])).SelectMany(hour =>
            Enumerable.Range(0, 60).Where(minute => Allows(fields, "minute", minute, 0, 59, [])).SelectMany(minute =>
                Enumerable.Range(0, 60).Where(second => Allows(fields, "second", second, 0, 59, [])).Select(second => (((hour * 60) + minute) * 60) + second))),
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
        return random.Next(6) switch
        {
            0 => "*",
            1 => $"*/{step}",
            2 => $"{Text(first)}-{Text(last)}",
            3 => $"{first}-{last}/{step}",
            4 => $"{first}/{step}",
            _ => Text(first),
        };

        string Text(int value) => names.Length > 0 && random.Next(2) == 0 ? names[value - min] : value.ToString(CultureInfo.InvariantCulture);
    }
}

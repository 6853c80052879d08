using System.Globalization;

namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>Local times that all fields allow, to the second.</summary>
internal sealed class CronFields : ILocalTimes
{
    private readonly Dictionary<string, CronField> _fields;
    private readonly CronField _year;
    private readonly CronField _month;
    private readonly CronField _day;
    private readonly CronField _week;
    private readonly CronField _weekday;
    private readonly CronField _hour;
    private readonly CronField _minute;
    private readonly CronField _second;

    private CronFields(Dictionary<string, CronField> fields)
    {
        _fields = fields;
        (_year, _month, _day, _week) = (fields["year"], fields["month"], fields["day"], fields["week"]);
        (_weekday, _hour, _minute, _second) = (fields["day_of_week"], fields["hour"], fields["minute"], fields["second"]);
    }

    public bool IsInterval => _hour.IsInterval || _minute.IsInterval || _second.IsInterval;

    /// <summary>Reads fields; what is not given is filled in (<see cref="FieldKind.DefaultText"/>).</summary>
    /// <param name="texts">What is given.</param>
    /// <param name="problems">Gets everything that is wrong.</param>
    public static CronFields? TryRead(IReadOnlyDictionary<string, string> texts, ICollection<ScheduleProblem> problems)
    {
        var before = problems.Count;
        foreach (var unknown in texts.Keys.Where(name => FieldKind.All.All(kind => kind.Name != name)))
        {
            problems.Add(new ScheduleProblem(
                $"schedule.{unknown}",
                $"'{unknown}' is not a field of a time: those are {string.Join(", ", FieldKind.All.Select(kind => kind.Name))}."));
        }

        if (texts.Count == 0)
        {
            problems.Add(new ScheduleProblem(
                "schedule", $"It gives no field of a time: write at least one of {string.Join(", ", FieldKind.All.Select(kind => kind.Name))}."));
        }

        var fields = new Dictionary<string, CronField>(StringComparer.Ordinal);
        var isFinerGiven = false;
        foreach (var kind in FieldKind.All.Reverse())
        {
            var isGiven = texts.TryGetValue(kind.Name, out var text);
            if (CronField.TryRead(kind, isGiven ? text!.Trim() : kind.DefaultText(isFinerGiven), out var problem) is { } field)
            {
                fields[kind.Name] = field;
            }
            else
            {
                problems.Add(new ScheduleProblem($"schedule.{kind.Name}", problem!));
            }

            isFinerGiven |= isGiven;
        }

        return problems.Count > before ? null : new CronFields(fields);
    }

    public DateTime? NextFrom(DateTime local)
    {
        if (local.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            local = local.AddTicks(TimeSpan.TicksPerSecond - (local.Ticks % TimeSpan.TicksPerSecond));
        }

        var date = DateOnly.FromDateTime(local);
        for (var time = TimeOnly.FromDateTime(local); ; time = TimeOnly.MinValue)
        {
            if (NextDate(date) is not { } found)
            {
                return null;
            }

            if (NextTime(found == date ? time : TimeOnly.MinValue) is { } due)
            {
                return found.ToDateTime(due);
            }

            if (found == DateOnly.MaxValue)
            {
                return null;
            }

            date = found.AddDays(1);
        }
    }

    private DateOnly? NextDate(DateOnly date)
    {
        // No year has a date that another one of its kind has not: there are some twenty kinds, so that what is never due is soon known.
        HashSet<(bool IsLeap, DayOfWeek Begin, bool FollowsLeap)>? searched = null;
        while (true)
        {
            if (!_year.Contains(date.Year) || (date is { Month: 1, Day: 1 } && !(searched ??= []).Add(KindOf(date))))
            {
                if (_year.NextFrom(date.Year + 1, DateOnly.MaxValue.Year) is not { } year)
                {
                    return null;
                }

                date = new DateOnly(year, 1, 1);
            }
            else if (IsDay(date))
            {
                return date;
            }
            else if (date == DateOnly.MaxValue || (date is { Year: 9999, Month: 12 } && !_month.Contains(12)))
            {
                return null;
            }
            else
            {
                date = _month.Contains(date.Month) ? date.AddDays(1) : new DateOnly(date.Year, date.Month, 1).AddMonths(1);
            }
        }
    }

    private static (bool IsLeap, DayOfWeek Begin, bool FollowsLeap) KindOf(DateOnly begin) =>
        (DateTime.IsLeapYear(begin.Year), begin.DayOfWeek, begin.Year > 1 && DateTime.IsLeapYear(begin.Year - 1));

    private bool IsDay(DateOnly date) =>
        _month.Contains(date.Month)
        && _weekday.Contains(((int)date.DayOfWeek + 6) % 7)
        && _day.ContainsDay(date)
        && _week.Contains(ISOWeek.GetWeekOfYear(date.ToDateTime(TimeOnly.MinValue)));

    private TimeOnly? NextTime(TimeOnly from)
    {
        for (var (hour, minute, second) = (_hour.NextFrom(from.Hour, 23), from.Minute, from.Second); hour is { } h; hour = _hour.NextFrom(h + 1, 23))
        {
            (minute, second) = h == from.Hour ? (minute, second) : (0, 0);
            for (var found = _minute.NextFrom(minute, 59); found is { } m; found = _minute.NextFrom(m + 1, 59))
            {
                if (_second.NextFrom(h == from.Hour && m == from.Minute ? second : 0, 59) is { } s)
                {
                    return new TimeOnly(h, m, s);
                }
            }
        }

        return null;
    }
}

namespace CloudFunction.Runtime.Schedules;

/// <summary>A schedule as it was written in a file, an attribute or a request, not checked yet. What was not written is null.</summary>
/// <param name="Name">Its name within its project, or among the host's own; checked by whoever read it.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Target">What it runs; checked by whoever read it.</param>
/// <param name="DefaultTimeZone">The time zone where none is written.</param>
internal sealed record ScheduleDraft(string Name, ScheduleSource Source, ScheduleTarget Target, string DefaultTimeZone)
{
    /// <summary>The cron expression.</summary>
    public string? Cron { get; init; }

    /// <summary>The fields, by their names.</summary>
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    /// <summary>The time zone's IANA name.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The misfire policy's name.</summary>
    public string? Misfire { get; init; }

    /// <summary>The overlap policy's name.</summary>
    public string? Overlap { get; init; }

    /// <summary>Whether it is to run at all; null: it is.</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>The id, where it is not that of <see cref="ScheduleDefinition.IdOf"/>.</summary>
    public string? Id { get; init; }

    /// <summary>What a definition was made of.</summary>
    public static ScheduleDraft Of(ScheduleDefinition definition) =>
        new(definition.Name, definition.Source, definition.Target, definition.Timing.TimeZone)
        {
            Id = definition.Id,
            Cron = definition.Timing.Cron,
            Fields = definition.Timing.Fields,
            TimeZone = definition.Timing.TimeZone,
            Misfire = definition.Misfire.ToString(),
            Overlap = definition.Overlap.ToString(),
            IsEnabled = definition.IsEnabled,
        };

    /// <summary>Makes it a definition.</summary>
    /// <param name="problems">Gets everything that is wrong; fields are named <c>cron</c>, <c>schedule.FIELD</c>, <c>timezone</c>,
    /// <c>misfire</c> and <c>overlap</c>.</param>
    /// <returns>The definition; null where something is wrong.</returns>
    public ScheduleDefinition? Build(ICollection<ScheduleProblem> problems)
    {
        var before = problems.Count;
        var misfire = Read<MisfirePolicy>("misfire", Misfire, problems);
        var overlap = Read<OverlapPolicy>("overlap", Overlap, problems);
        var timing = new ScheduleTiming(Cron, Fields, TimeZone ?? DefaultTimeZone);
        if (Cron is null == Fields is null)
        {
            problems.Add(new ScheduleProblem("schedule", Cron is null
                ? "It does not define when it is due: write cron, or schedule with the fields of a time."
                : "It has both cron and schedule: write one of them."));
            return null;
        }

        var recurrence = Recurrence.TryRead(timing, problems);
        return recurrence is null || problems.Count > before
            ? null
            : new ScheduleDefinition(
                Id ?? ScheduleDefinition.IdOf(Target.Project, Name), Name, Source, Target, timing, recurrence, misfire, overlap, IsEnabled ?? true);
    }

    private static T Read<T>(string field, string? text, ICollection<ScheduleProblem> problems)
        where T : struct, Enum
    {
        if (text is null)
        {
            return default;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(text, value.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        var known = string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()));
        problems.Add(new ScheduleProblem(field, $"'{text}' is not one of {known}."));
        return default;
    }
}

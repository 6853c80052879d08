using CloudFunction.Protocol;
using CloudFunction.Runtime.Configuration.Yaml;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Reads one schedule of the schedule file.</summary>
internal static class ScheduleFileEntry
{
    private const string TypeOfTiming = "cron";

    private static readonly string[] Shared = ["cron", "timezone", "misfire", "overlap", "enabled"];
    private static readonly string[] OfEntry = ["type", "project", "function", "args", "schedule", .. Shared];
    private static readonly string[] OfTiming = ["type", .. Cron.FieldKind.All.Select(kind => kind.Name), .. Shared];

    /// <summary>Reads it.</summary>
    /// <param name="project">The key of its project; null among the host's own.</param>
    /// <param name="name">Its key.</param>
    /// <param name="node">What stands there.</param>
    /// <param name="defaultTimeZone">The time zone where it names none.</param>
    /// <param name="errors">Gets everything that is wrong.</param>
    /// <returns>The schedule; null where something is wrong.</returns>
    public static ScheduleDefinition? Read(YamlText? project, YamlText name, YamlNode node, string defaultTimeZone, FileErrors errors)
    {
        var what = $"the schedule '{name.Value}'";
        if (SectionReader.Open(node, what, errors) is not { } entry)
        {
            return null;
        }

        entry.Allow(OfEntry, what);
        CheckVersions(name, entry, errors);
        CheckName(name, "a schedule's name", errors);
        Expect(entry, "type", project is null ? "system" : "project", errors);
        if (project is not null)
        {
            CheckName(project, "a project's name", errors);
            Expect(entry, "project", project.Value, errors);
        }

        var target = ReadTarget(project, entry, errors);
        var timing = entry.Find("schedule") is { } schedule ? SectionReader.Open(schedule, $"the time of {what}", errors) : null;
        if ((timing is null && entry.Find("schedule") is not null) || IsOtherTrigger(timing, errors))
        {
            return null;
        }

        timing?.Allow(OfTiming, "the time of a schedule");
        Expect(timing, "type", TypeOfTiming, errors);

        // Without a target too: all that is wrong is reported at once.
        var draft = new ScheduleDraft(name.Value, ScheduleSource.File, target ?? new ScheduleTarget(project?.Value, "", default), defaultTimeZone)
        {
            Cron = Text(entry, timing, "cron"),
            Fields = FieldsOf(timing),
            TimeZone = Text(entry, timing, "timezone"),
            Misfire = Text(entry, timing, "misfire"),
            Overlap = Text(entry, timing, "overlap"),
            IsEnabled = entry.FindBoolean("enabled", timing?.FindBoolean("enabled", otherwise: true) ?? true),
        };
        var problems = new List<ScheduleProblem>();
        var definition = draft.Build(problems);
        foreach (var problem in problems)
        {
            // A value that an older reader takes for something else is often wrong here too: one mistake, and one error.
            var place = PlaceOf(problem.Field, entry, timing, name);
            if (place == name || !errors.HasAt(place))
            {
                errors.Add(place, problem.Message.TrimEnd('.'));
            }
        }

        return target is null ? null : definition;
    }

    // APScheduler's other triggers have fields of their own: what is wrong is the trigger, and not each of them.
    private static bool IsOtherTrigger(SectionReader? timing, FileErrors errors)
    {
        if (timing?.Find("type") is not YamlText { Value: "interval" or "date" } type)
        {
            return false;
        }

        errors.Add(
            type,
            $"'type' is {type.Kind}, which is not available here; allowed is cron, as in minute: '*/5' for every five minutes, or a year, month "
            + "and day for a date");
        return true;
    }

    // What an older reader of the same file takes for something else. Booleans of a schedule are read as both have them, its fields as text.
    private static void CheckVersions(YamlText name, SectionReader entry, FileErrors errors)
    {
        CheckVersions(name, errors);
        foreach (var (key, value) in entry.Map.Entries.Where(each => each.Key.Value != "enabled"))
        {
            if (key.Value == "schedule" && value is YamlMap timing)
            {
                foreach (var (field, text) in timing.Entries.Where(each => each.Key.Value != "enabled"))
                {
                    CheckField(field, text, errors);
                }
            }
            else
            {
                CheckVersions(value, errors);
            }
        }
    }

    private static void CheckVersions(YamlNode node, FileErrors errors)
    {
        switch (node)
        {
            case YamlMap map:
                foreach (var (key, value) in map.Entries)
                {
                    CheckVersions(key, errors);
                    CheckVersions(value, errors);
                }

                break;
            case YamlList list:
                foreach (var item in list.Items)
                {
                    CheckVersions(item, errors);
                }

                break;
            case YamlText { IsPlain: true } text when YamlVersions.ProblemOf(text.Value) is { } problem:
                errors.Add(text, problem);
                break;
        }
    }

    private static void CheckField(YamlText field, YamlNode value, FileErrors errors)
    {
        if (Cron.FieldKind.All.All(kind => kind.Name != field.Value))
        {
            CheckVersions(value, errors);
        }
        else if (value is YamlText { IsPlain: true } text && YamlVersions.OtherNumberOf(text.Value) is { } number)
        {
            errors.Add(text, $"'{text.Value}' is {number} in YAML 1.1; allowed is what is read alike everywhere: digits without a 0 before them");
        }
    }

    private static ScheduleTarget? ReadTarget(YamlText? project, SectionReader entry, FileErrors errors)
    {
        if (entry.FindText("function") is not { } function)
        {
            if (entry.Find("function") is null)
            {
                errors.Add(entry.Map, "'function' is missing; allowed is the name of the function that runs");
            }

            return null;
        }

        var arguments = entry.Find("args");
        if (project is not null)
        {
            return CheckName(function, "a function's name", errors)
                ? new ScheduleTarget(project.Value, function.Value, arguments is null ? "{}"u8.ToArray() : YamlJson.Write(arguments))
                : null;
        }

        if (function.Value != ScheduleTarget.CleanupOldTasks)
        {
            errors.Add(function, $"{function.Kind} is not a function of the host's own; allowed is {ScheduleTarget.CleanupOldTasks}");
            return null;
        }

        var json = arguments is null ? default : YamlJson.Write(arguments);
        if (!ScheduleTarget.TryReadDays(json.Span, out _))
        {
            errors.Add(
                arguments ?? entry.Map,
                $"{ScheduleTarget.CleanupOldTasks} needs the days after which a finished task is deleted; allowed is a list of one number from 0 to "
                + "36500, such as args: [7]");
            return null;
        }

        return new ScheduleTarget(null, function.Value, json);
    }

    private static Dictionary<string, string>? FieldsOf(SectionReader? timing)
    {
        var fields = Cron.FieldKind.All.Select(kind => timing?.FindText(kind.Name) is { } text ? (kind.Name, text.Value) : default)
            .Where(field => field.Name is not null)
            .ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        return fields.Count > 0 ? fields : null;
    }

    private static string? Text(SectionReader entry, SectionReader? timing, string key) => (entry.FindText(key) ?? timing?.FindText(key))?.Value;

    private static YamlNode PlaceOf(string field, SectionReader entry, SectionReader? timing, YamlText name)
    {
        var key = field.StartsWith("schedule.", StringComparison.Ordinal) ? field["schedule.".Length..] : field;
        return timing?.Find(key) ?? entry.Find(key) ?? name;
    }

    private static void Expect(SectionReader? section, string key, string value, FileErrors errors)
    {
        if (section?.FindText(key) is { } text && text.Value != value)
        {
            errors.Add(text, $"'{key}' is {text.Kind}; allowed is {value} here");
        }
    }

    private static bool CheckName(YamlText name, string what, FileErrors errors)
    {
        var isValid = NameRule.IsValid(name.Value);
        if (!isValid)
        {
            errors.Add(name, $"{name.Kind} cannot be {what}; allowed are {NameRule.Text}");
        }

        return isValid;
    }
}

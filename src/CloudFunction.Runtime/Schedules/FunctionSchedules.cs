using System.Text.Json;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Reads the schedules that stand on the functions of a project.</summary>
internal static class FunctionSchedules
{
    /// <summary>Reads them.</summary>
    /// <param name="project">Whose functions.</param>
    /// <param name="functions">The functions, by name.</param>
    /// <param name="defaultTimeZone">SCHEDULER_TIMEZONE.</param>
    /// <param name="problems">Gets everything that is wrong, in whole sentences.</param>
    /// <returns>Those with which nothing is wrong.</returns>
    public static IReadOnlyList<ScheduleDefinition> Read(
        string project, IEnumerable<DeployedFunction> functions, string defaultTimeZone, ICollection<string> problems) =>
    [
        .. functions.SelectMany(f => (f.Schedules ?? []).Select((s, i) => Read(project, f, s, i + 1, defaultTimeZone, problems)))
            .OfType<ScheduleDefinition>(),
    ];

    private static ScheduleDefinition? Read(
        string project, DeployedFunction function, DeployedSchedule schedule, int number, string defaultTimeZone, ICollection<string> problems)
    {
        var name = number == 1 ? function.Name : $"{function.Name}.{number}";
        var draft = new ScheduleDraft(
            name, ScheduleSource.Function, new ScheduleTarget(project, function.Name, System.Text.Encoding.UTF8.GetBytes(schedule.Payload)),
            defaultTimeZone)
        {
            Id = $"function_{project}.{name}", // No name has a dot: no two functions come to the same id.
            Cron = schedule.Cron,
            TimeZone = schedule.TimeZone,
            Misfire = schedule.Misfire,
            Overlap = schedule.Overlap,
        };
        var found = new List<ScheduleProblem>();
        if (function.FunctionKind == FunctionKind.Http)
        {
            found.Add(new ScheduleProblem("kind", "An HTTP function cannot run on a schedule: nobody would make its request."));
        }

        if (!IsJson(schedule.Payload))
        {
            found.Add(new ScheduleProblem(
                "payload", $"'{schedule.Payload}' is not JSON; write an object with the request, such as {{\"days\": 7}}."));
        }

        var definition = draft.Build(found);
        foreach (var problem in found)
        {
            problems.Add($"The [Schedule(\"{schedule.Cron}\")] on the function '{function.Name}' is wrong: {problem.Field}: {problem.Message}");
        }

        return found.Count == 0 ? definition : null;
    }

    private static bool IsJson(string text)
    {
        try
        {
            JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

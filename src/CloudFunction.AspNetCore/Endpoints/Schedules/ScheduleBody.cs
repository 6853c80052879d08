using System.Globalization;
using System.Text;
using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.Protocol;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Schedules;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Schedules;

/// <summary>A schedule as a request describes it: the members of an entry of the schedule file, and its name.</summary>
internal sealed class ScheduleBody
{
    private static readonly string[] Names =
    [
        "name", "type", "project", "function", "args", "schedule", "cron", "timezone", "misfire", "overlap", "enabled",
    ];
    private static readonly string[] OfTiming = ["cron", "timezone", "misfire", "overlap", "enabled"];

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly List<ScheduleProblem> _problems = [];

    private readonly string _defaultTimeZone;

    private ScheduleBody(string defaultTimeZone) => _defaultTimeZone = defaultTimeZone;

    /// <summary>Reads it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="defaultTimeZone">SCHEDULER_TIMEZONE.</param>
    /// <exception cref="ApiException">It is something else, or describes no schedule: everything that is wrong is named.</exception>
    public static async Task<ScheduleDefinition> ReadAsync(HttpContext context, string defaultTimeZone)
    {
        var members = await JsonObjectBody.ReadAsync(context).ConfigureAwait(false)
            ?? throw ApiException.Refuse("body", "must be a JSON object with name, project, function and cron or schedule");
        var body = new ScheduleBody(defaultTimeZone);
        foreach (var (name, value) in members)
        {
            body.Add(name, value);
        }

        return body.Build() ?? throw new ApiException(body.Refusal());
    }

    private ScheduleDefinition? Build()
    {
        var fields = ReadTiming();
        var draft = new ScheduleDraft(
            NameOf("name"), ScheduleSource.Api, new ScheduleTarget(NameOf("project"), NameOf("function"), Arguments()), _defaultTimeZone)
        {
            Cron = Text("cron"),
            Fields = fields,
            TimeZone = Text("timezone"),
            Misfire = Text("misfire"),
            Overlap = Text("overlap"),
            IsEnabled = Boolean("enabled"),
        };
        if (Text("type") is { } type && type != "project")
        {
            Problem("type", type == "system" ? "Schedules of the host's own are written in the "
                + "schedule file alone." : $"'{type}' is not project, which is the only type here.");
        }

        var definition = draft.Build(_problems);
        return _problems.Count == 0 ? definition : null;
    }

    private ApiError Refusal()
    {
        var first = ApiError.Invalid(_problems[0].Field, _problems[0].Message, StatusCodes.Status422UnprocessableEntity);
        var lines = new BoundedLines();
        foreach (var problem in _problems)
        {
            lines.Add(lines.IsFull ? "" : ApiError.Invalid(problem.Field, problem.Message).Message);
        }

        return first with { Message = string.Join(' ', lines.Shown) };
    }

    private void Add(string name, JsonElement value)
    {
        if (!Names.Contains(name))
        {
            Problem(name, $"It is unknown; there are {string.Join(", ", Names)}.");
        }
        else if (value.ValueKind != JsonValueKind.Null || name == "args")
        {
            _members[name] = value;
        }
    }

    // As in the file, all that sets when and how may also stand inside.
    private Dictionary<string, string>? ReadTiming()
    {
        if (!_members.TryGetValue("schedule", out var schedule))
        {
            return null;
        }

        if (schedule.ValueKind != JsonValueKind.Object)
        {
            Problem("schedule", "It must be an object with the fields of a time, such as {\"day_of_week\": \"mon\", \"hour\": 8}.");
            return null;
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in schedule.EnumerateObject())
        {
            if (OfTiming.Contains(member.Name))
            {
                if (member.Value.ValueKind != JsonValueKind.Null && !_members.TryAdd(member.Name, member.Value))
                {
                    Problem($"schedule.{member.Name}", "It must be there once: it is beside schedule too.");
                }
            }
            else if (member.Name == "type")
            {
                if (member.Value.ValueKind != JsonValueKind.String || member.Value.GetString() != "cron")
                {
                    Problem("schedule.type", "It must be cron.");
                }
            }
            else if (member.Value.ValueKind == JsonValueKind.String)
            {
                fields[member.Name] = JsonObjectBody.Text($"schedule.{member.Name}", () => member.Value.GetString()!);
            }
            else if (member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var number))
            {
                fields[member.Name] = number.ToString(CultureInfo.InvariantCulture);
            }
            else
            {
                Problem($"schedule.{member.Name}", "It must be a whole number or a string.");
            }
        }

        return fields.Count == 0 && _members.ContainsKey("cron") ? null : fields;
    }

    private ReadOnlyMemory<byte> Arguments() =>
        Encoding.UTF8.GetBytes(_members.TryGetValue("args", out var arguments) ? arguments.GetRawText() : "{}");

    private string NameOf(string member)
    {
        if (!_members.ContainsKey(member))
        {
            Problem(member, "It must be there.");
            return "";
        }

        var name = Text(member);
        if (name is not null && !NameRule.IsValid(name))
        {
            Problem(member, $"'{name}' must be {NameRule.Text}.");
        }

        return name ?? "";
    }

    private string? Text(string member)
    {
        if (!_members.TryGetValue(member, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return JsonObjectBody.Text(member, () => value.GetString()!);
        }

        Problem(member, "It must be a string.");
        return null;
    }

    private bool? Boolean(string member)
    {
        if (!_members.TryGetValue(member, out var value))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Problem(member, "It must be true or false.");
        return null;
    }

    private void Problem(string field, string message) => _problems.Add(new ScheduleProblem(field, message));
}

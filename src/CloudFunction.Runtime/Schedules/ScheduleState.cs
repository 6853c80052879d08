using System.Collections.Immutable;
using System.Text.Json;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Schedules;

/// <summary>What is remembered of a schedule beside what its maker wrote. Stored as JSON.</summary>
internal sealed record ScheduleState
{
    /// <summary>Where it comes from.</summary>
    public required ScheduleSource Source { get; init; }

    /// <summary>What <see cref="JudgedTo"/> was reached with; with another one, counting starts anew.</summary>
    public required string Pattern { get; init; }

    /// <summary>Of what was due until then it is decided whether it runs.</summary>
    public required DateTimeOffset JudgedTo { get; init; }

    /// <summary>What was due after this and until <see cref="JudgedTo"/> waits for its turn; null: nothing does.</summary>
    public DateTimeOffset? WaitsAfter { get; init; }

    /// <summary>Whether somebody has paused it.</summary>
    public bool IsPaused { get; init; }

    /// <summary>The last task that it made; null where it made none.</summary>
    public TaskId? LastTask { get; init; }

    /// <summary>The last runs, the newest first.</summary>
    public ImmutableArray<ScheduleRun> Runs { get; init; } = [];

    /// <summary>The schedule itself, where nobody else remembers it: it was made by the API.</summary>
    public ScheduleDraft? Draft { get; init; }

    // So many are shown.
    private const int KeptRuns = 5;

    /// <summary>The state of a schedule that is new, or that somebody wrote anew: what was due before now is none of its business.</summary>
    public static ScheduleState New(ScheduleDefinition definition, DateTimeOffset now) =>
        new() { Source = definition.Source, Pattern = PatternOf(definition), JudgedTo = now };

    /// <summary>What decides when a definition is due.</summary>
    public static string PatternOf(ScheduleDefinition definition)
    {
        var timing = definition.Timing;
        var fields = timing.Fields is null
            ? ""
            : string.Join(' ', timing.Fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"));
        return $"{timing.Cron ?? fields} {timing.TimeZone}{(definition.IsEnabled ? "" : " disabled")}";
    }

    /// <summary>The state with one more run.</summary>
    public ScheduleState With(ScheduleRun run) =>
        this with { LastTask = run.Task ?? LastTask, Runs = [run, .. Runs.Take(KeptRuns - 1)] };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static ScheduleState FromJson(ReadOnlySpan<byte> json)
    {
        var state = JsonSerializer.Deserialize(json, ScheduleStateJson.Default.ScheduleState) ?? throw new JsonException("It is null.");
        Check(state.Source);
        Check(state.Draft?.Source ?? state.Source);
        foreach (var run in state.Runs)
        {
            Check(run.Outcome);
        }

        return state;
    }

    /// <summary>The state as JSON in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ScheduleStateJson.Default.ScheduleState);

    // Enums are stored as numbers, and a reader takes any.
    private static void Check<T>(T value) where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new JsonException($"'{value}' is not a {typeof(T).Name} that this host knows.");
        }
    }
}

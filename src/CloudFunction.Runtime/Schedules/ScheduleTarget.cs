using System.Text.Json;

namespace CloudFunction.Runtime.Schedules;

/// <summary>What a schedule runs.</summary>
/// <param name="Project">Whose function; null for a function of the host's own.</param>
/// <param name="Function">Which function.</param>
/// <param name="Payload">The request, as JSON in UTF-8; for a function of the host's own the array of its arguments.</param>
internal sealed record ScheduleTarget(string? Project, string Function, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The host's own function that deletes finished tasks older than so many days.</summary>
    public const string CleanupOldTasks = "cleanup_old_tasks";

    // A hundred years: what is kept longer is not meant to be cleaned up.
    private const double MaxDays = 36500;

    /// <summary>Reads the arguments of <see cref="CleanupOldTasks"/>: a list of one number of days.</summary>
    public static bool TryReadDays(ReadOnlySpan<byte> arguments, out double days)
    {
        days = 0;
        try
        {
            if (arguments.IsEmpty || JsonSerializer.Deserialize(arguments, ScheduleStateJson.Default.DoubleArray) is not [var value])
            {
                return false;
            }

            days = value;
            return days is >= 0 and <= MaxDays;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

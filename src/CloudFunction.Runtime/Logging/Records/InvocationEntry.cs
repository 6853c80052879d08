using System.Globalization;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging.Routing;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Records;

/// <summary>How an invocation ended.</summary>
/// <param name="route">The project's.</param>
/// <param name="level">Information for the record that each has; Error for one of a failure of which only the host knows.</param>
/// <param name="window">Where it takes room.</param>
/// <param name="call">What happened.</param>
internal sealed class InvocationEntry(LoggerRoute route, LogEventLevel level, ILogWindow window, EndedInvocation call)
    : LogEntry(route, level, window, FixedBytes)
{
    private const int FixedBytes = 192; // This object, its call and its place in the queue.

    protected override LogEvent MakeEvent()
    {
        var properties = new EventProperties(8);
        properties.Add(PropertyNames.Function, call.Function);
        properties.Add(PropertyNames.InvocationId, InvocationId.Format(call.Id));
        properties.Add(PropertyNames.Outcome, call.Outcome.ToString());
        properties.Add(PropertyNames.DurationMs, Math.Round(call.Duration.TotalMilliseconds, 3));
        properties.AddTrace(call.TraceParent);
        properties.AddSource(Route);
        return properties.ToEvent(call.Time, Level, null, Level == LogEventLevel.Error ? FailureText() : Text());
    }

    // A refused payload has not run: how long that took is beside the point.
    private string Text()
    {
        var duration = string.Create(CultureInfo.InvariantCulture, $"{call.Duration.TotalMilliseconds:0.###} ms");
        return $"Function {call.Function} {Words(call.Outcome)} "
            + (call.Outcome == InvocationOutcome.InvalidPayload ? $"({duration})" : $"in {duration}");
    }

    private string FailureText() => $"Function {call.Function} {Words(call.Outcome)}: {call.Error?.Message}";

    private static string Words(InvocationOutcome outcome) => outcome switch
    {
        InvocationOutcome.Succeeded => "succeeded",
        InvocationOutcome.FunctionFailed => "failed",
        InvocationOutcome.InvalidPayload => "was called with an invalid payload",
        InvocationOutcome.TimedOut => "timed out",
        InvocationOutcome.Cancelled => "was cancelled",
        InvocationOutcome.WorkerLost => "lost its worker",
        InvocationOutcome.ProtocolFailed => "lost its worker to a broken protocol",
        _ => "was cut",
    };
}

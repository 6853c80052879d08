using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging.Records;
using CloudFunction.Runtime.Logging.Routing;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging;

/// <summary>Records how each invocation of one function ended. Thread safe; it never blocks.</summary>
internal sealed class InvocationLog(LogPipeline pipeline, string project, string function, TimeProvider time)
{
    private readonly RouteCache _routes = new(pipeline, LoggerName.OfProject(project));

    /// <summary>One has ended, for its caller.</summary>
    /// <param name="id">Which.</param>
    /// <param name="traceParent">Its caller's W3C trace context, or null.</param>
    /// <param name="outcome">How.</param>
    /// <param name="error">What went wrong, or null.</param>
    /// <param name="duration">From dispatch.</param>
    public void Ended(UInt128 id, string? traceParent, InvocationOutcome outcome, InvocationError? error, TimeSpan duration)
    {
        var route = _routes.Current;
        var isHostsFailure = IsHostsFailure(outcome);
        if (!route.IsEnabled(LogEventLevel.Information) && !(isHostsFailure && route.IsEnabled(LogEventLevel.Error)))
        {
            return;
        }

        var call = new EndedInvocation(function, id, traceParent, outcome, error, duration, time.GetUtcNow());
        if (isHostsFailure)
        {
            pipeline.Emit(route, LogEventLevel.Error, call);
        }

        pipeline.Emit(route, LogEventLevel.Information, call);
    }

    // What a function throws its worker has logged, with the stack. Of these nobody else can tell.
    private static bool IsHostsFailure(InvocationOutcome outcome) =>
        outcome is InvocationOutcome.TimedOut or InvocationOutcome.WorkerLost or InvocationOutcome.ProtocolFailed or InvocationOutcome.Rejected;
}

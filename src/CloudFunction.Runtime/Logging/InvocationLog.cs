using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging.Records;
using CloudFunction.Runtime.Logging.Routing;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging;

/// <summary>Records how each invocation of one function ended. Thread safe; it never blocks.</summary>
internal sealed class InvocationLog(LogPipeline pipeline, string project, string function, TimeProvider time)
{
    private readonly RouteCache _routes = new(pipeline, LoggerName.OfProject(project));

    /// <summary>Logs how an invocation ended for its caller; its duration counts from dispatch.</summary>
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

    // What a function throws its worker has logged, with the stack. These nobody else can log.
    private static bool IsHostsFailure(InvocationOutcome outcome) =>
        outcome is InvocationOutcome.TimedOut or InvocationOutcome.WorkerLost or InvocationOutcome.ProtocolFailed or InvocationOutcome.Rejected;
}

using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;

namespace CloudFunction.Runtime.Projects;

/// <summary>Counts the calls of one function and logs how they ended.</summary>
/// <param name="counters">Kept over restarts.</param>
/// <param name="log">Where their ends are logged; null where they are not.</param>
internal sealed class FunctionRecorder(FunctionCounters counters, InvocationLog? log) : ICallRecorder
{
    public void Dispatched(DateTimeOffset time) => counters.Record(time);

    public void Ended(UInt128 id, string? traceParent, InvocationOutcome outcome, InvocationError? error, TimeSpan duration) =>
        log?.Ended(id, traceParent, outcome, error, duration);
}

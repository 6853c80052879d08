using System.Diagnostics;

namespace CloudFunction.Worker.Functions;

/// <summary>What the host sends about an invocation besides its payload.</summary>
/// <param name="Id">Unique over hosts and time; shown to people as 32 lower-case hexadecimal digits.</param>
/// <param name="Attempt">Counted from 1.</param>
/// <param name="Deadline">When the time is up, in UTC. The caller of the invoker keeps it: it fires the token.</param>
/// <param name="TraceParent">The caller's <c>traceparent</c> header as it came, valid or not, or <see langword="null"/>.</param>
internal readonly record struct InvocationMetadata(UInt128 Id, int Attempt, DateTimeOffset Deadline, string? TraceParent)
{
    /// <summary>The id in <see cref="TraceParent"/>, 32 lower-case hexadecimal digits, or <see langword="null"/> where
    /// there is no valid one.</summary>
    public string? ReadTraceId() =>
        ActivityContext.TryParse(TraceParent, traceState: null, isRemote: true, out var trace) ? trace.TraceId.ToHexString() : null;
}

using System.Collections.Frozen;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Routing;

/// <summary>A project as calls meet it.</summary>
/// <param name="Gate">Its places.</param>
/// <param name="Functions">The functions of its live deployment; null until there is one, and then calls wait at the gate first.</param>
internal sealed record ProjectRoute(ConcurrencyGate Gate, FrozenDictionary<string, FunctionRoute>? Functions)
{
    /// <summary>The places for calls whose bodies are still coming while their function runs: fewer than all, so that slow senders never hold all
    /// of them. Null for no limit.</summary>
    public ConcurrencyGate? BodyGate { get; init; }

    /// <summary>How calls are divided between deployments; null where there is one alone.</summary>
    public TrafficSplit? Split { get; init; }

    /// <summary>Functions that an operator has disabled; those that are not among <see cref="Functions"/> are looked for here.</summary>
    public FrozenSet<string> Disabled { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Who takes a call of a function now; null where nobody does.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="preferred">Who was chosen for this call before it waited; the answer again, as long as they serve.</param>
    public FunctionRoute? Find(string function, FunctionRoute? preferred = null) =>
        Split is { } split ? split.Find(function, preferred) : Functions!.GetValueOrDefault(function);
}

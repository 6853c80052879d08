using System.Collections.Frozen;

namespace CloudFunction.Runtime.Invocations;

/// <summary>A project as calls meet it.</summary>
/// <param name="Gate">Its places.</param>
/// <param name="Functions">The functions of its live deployment; null until there is one, and then calls wait at the gate first.</param>
internal sealed record ProjectRoute(ConcurrencyGate Gate, FrozenDictionary<string, FunctionTarget>? Functions);

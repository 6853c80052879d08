using System.Diagnostics;
using System.Text.Json;
using CloudFunction;

namespace EmptyFunctions;

/// <summary>Reports when it started, by the machine's monotonic clock, which all its processes share.</summary>
[Function("stamp")]
public sealed class Stamp : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>(Stopwatch.GetTimestamp());
}

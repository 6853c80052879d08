using System.Text.Json;
using CloudFunction;

namespace HelloFunctions;

/// <summary>Ends its own process in the middle of a call. The caller gets WORKER_CRASHED, and the next call a new worker.</summary>
[Function("crash", Description = "Ends its own process")]
public sealed class Crash : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        Environment.Exit(1);
        return default;
    }
}

using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Ends its process by a stack overflow.</summary>
[Function("overflow")]
public sealed class Overflow : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        return ValueTask.FromResult<object?>(Descend(1));
    }

    private static int Descend(int depth)
    {
        return depth == 0 ? 0 : Descend(depth + 1) + 1; // Never 0 before the stack ends; the addition keeps it from being a loop.
    }
}

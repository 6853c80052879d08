using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Has half a second, and would need a minute.</summary>
[Function("half-second", TimeoutSeconds = 0.5)]
public sealed class HalfSecond : IFunction
{
    public async ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMinutes(1), cancellationToken);
        return null;
    }
}

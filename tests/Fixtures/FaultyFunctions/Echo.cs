using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Any JSON comes back as it is.</summary>
[Function("echo")]
public sealed class Echo : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        return ValueTask.FromResult<object?>(payload);
    }
}

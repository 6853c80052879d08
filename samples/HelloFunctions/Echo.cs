using System.Text.Json;
using CloudFunction;

namespace HelloFunctions;

/// <summary>Any JSON comes back as it is.</summary>
[Function("echo", Description = "Returns what it was given")]
public sealed class Echo : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>(payload);
}

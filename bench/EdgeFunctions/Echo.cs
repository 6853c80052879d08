using System.Text.Json;
using CloudFunction;

namespace EdgeFunctions;

/// <summary>Answers with what it was sent.</summary>
[Function("echo")]
public sealed class Echo : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>(payload);
}

using System.Text.Json;
using CloudFunction;

namespace EmptyFunctions;

/// <summary>Does nothing: what is measured is all around it.</summary>
[Function("empty")]
public sealed class Empty : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) => default;
}

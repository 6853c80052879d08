using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Ends its process the hard way.</summary>
[Function("fail-fast")]
public sealed class FailFast : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        Environment.FailFast("FaultyFunctions has had enough.");
        return default;
    }
}

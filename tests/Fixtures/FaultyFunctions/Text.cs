using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>A string of as many characters as the payload says.</summary>
[Function("text")]
public sealed class Text : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        return ValueTask.FromResult<object?>(new string('x', payload.GetInt32()));
    }
}

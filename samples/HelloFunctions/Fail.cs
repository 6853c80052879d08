using System.Text.Json;
using CloudFunction;

namespace HelloFunctions;

/// <summary>Throws. The caller gets the exception's type and message, the project's log its stack.</summary>
[Function("fail", Description = "Throws an exception")]
public sealed class Fail : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("This function always fails.");
}

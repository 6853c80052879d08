using System.Text.Json;
using CloudFunction;

namespace EdgeFunctions;

/// <summary>Answers with how many characters it was sent, so that a large payload has a small result.</summary>
[Function("measure")]
public sealed class Measure : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>(payload.GetRawText().Length);
}

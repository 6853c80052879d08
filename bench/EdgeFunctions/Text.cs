using System.Text.Json;
using CloudFunction;

namespace EdgeFunctions;

/// <summary>Texts that come to as many bytes of JSON as the payload asks for, in whole kilobytes.</summary>
[Function("text")]
public sealed class Text : IFunction
{
    private const int Kilobyte = 1024;

    // With its quotes and the comma behind it.
    private static readonly string Part = new('x', Kilobyte - 3);

    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>(Enumerable.Repeat(Part, payload.GetInt32() / Kilobyte));
}

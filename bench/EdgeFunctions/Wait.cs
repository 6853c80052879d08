using System.Text.Json;
using CloudFunction;

namespace EdgeFunctions;

/// <summary>Keeps its place for as many seconds as the payload asks for.</summary>
[Function("wait")]
public sealed class Wait : IFunction
{
    public async ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(payload.GetInt32()), cancellationToken);
        return null;
    }
}

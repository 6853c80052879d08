using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Says which process runs it.</summary>
[Function("pid")]
public sealed class Pid : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        return ValueTask.FromResult<object?>(Environment.ProcessId);
    }
}

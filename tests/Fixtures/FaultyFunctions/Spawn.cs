using System.Diagnostics;
using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Starts a process that runs for ten minutes and leaves it behind; answers its id.</summary>
[Function("spawn")]
public sealed class Spawn : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        using var child = Process.Start(new ProcessStartInfo("sleep", "600"))!;
        return ValueTask.FromResult<object?>(child.Id);
    }
}

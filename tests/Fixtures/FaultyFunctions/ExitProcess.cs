using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Ends its process with the exit code in the payload.</summary>
[Function("exit")]
public sealed class ExitProcess : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        Console.Error.WriteLine($"FaultyFunctions is about to exit with {payload.GetInt32()}.");
        Environment.Exit(payload.GetInt32());
        return default;
    }
}

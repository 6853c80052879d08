using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Writes as many numbered lines as the payload says to the console, then one to standard error, then half a one.</summary>
[Function("console-flood")]
public sealed class ConsoleFlood : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        for (var line = 0; line < payload.GetInt32(); line++)
        {
            Console.WriteLine($"console line {line}.");
        }

        Console.Error.WriteLine("An error on the console.");
        Console.Write("Half a line on the console.");
        return ValueTask.FromResult<object?>(Console.ReadLine() ?? "nothing to read");
    }
}

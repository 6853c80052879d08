using System.Text.Json;
using CloudFunction;
using Microsoft.Extensions.Logging;

namespace FaultyFunctions;

/// <summary>Closes what it has of the standard streams, then puts others in their place.</summary>
[Function("close-output")]
public sealed class CloseOutput : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        Console.Out.Close();
        Console.Error.Dispose();
        Console.OpenStandardOutput().Dispose();
        Console.WriteLine("It cannot be closed.");
        Console.SetOut(TextWriter.Null);
        Console.SetError(new StringWriter());
        Console.WriteLine("It can be replaced.");
        context.Logger.LogInformation("The log is another matter.");
        return ValueTask.FromResult<object?>("closed");
    }
}

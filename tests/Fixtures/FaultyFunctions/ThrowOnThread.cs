using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Ends its process by an exception that nobody catches, on a thread of its own.</summary>
[Function("throw-on-thread")]
public sealed class ThrowOnThread : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        var thread = new Thread(static () => throw new InvalidOperationException("Nobody catches this."));
        thread.Start();
        thread.Join();
        return default;
    }
}

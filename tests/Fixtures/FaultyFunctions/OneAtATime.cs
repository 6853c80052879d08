using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>One at a time. Answers how many ran at once, after a while.</summary>
[Function("one-at-a-time", MaxConcurrent = 1)]
public sealed class OneAtATime : IFunction
{
    private static int _running;

    public async ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        var running = Interlocked.Increment(ref _running);
        await Task.Delay(20, cancellationToken);
        Interlocked.Decrement(ref _running);
        return running;
    }
}

using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Keeps every thread of the pool, and those that it adds, for as many milliseconds as the payload says; answers at once.</summary>
[Function("starve")]
public sealed class Starve : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        var until = Environment.TickCount64 + payload.GetInt32();
        for (var i = 0; i < 500; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static until =>
                {
                    using var never = new ManualResetEventSlim();
                    never.Wait((int)Math.Max(0, until - Environment.TickCount64));
                },
                until,
                preferLocal: false);
        }

        return ValueTask.FromResult<object?>("starved");
    }
}

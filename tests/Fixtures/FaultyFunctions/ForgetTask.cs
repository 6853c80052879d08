using System.Runtime.CompilerServices;
using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Leaves a failed task that nobody looks at, and has it collected.</summary>
[Function("forget-task")]
public sealed class ForgetTask : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return ValueTask.FromResult<object?>("forgotten");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget()
    {
        _ = Task.FromException(new InvalidOperationException("Nobody looks at this."));
    }
}

using CloudFunction;

namespace FaultyFunctions;

/// <summary>Answers after its time whether anybody still waits or not, but soon enough for its worker to be spared. Marker:
/// <c>id.answered</c>.</summary>
[Function("late")]
public sealed class Late : IFunction<MarkedWait, string>
{
    public async ValueTask<string> InvokeAsync(MarkedWait request, FunctionContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(request.Milliseconds, CancellationToken.None);
        Marker.Write(context, request.Id + ".answered");
        return "late " + request.Id;
    }
}

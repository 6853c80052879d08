using CloudFunction;

namespace HelloFunctions;

/// <summary><c>{"milliseconds":200}</c> answers after that time, or stops at once when nobody waits any longer.</summary>
[Function("wait", Description = "Waits, then answers")]
public sealed class Wait : IFunction<WaitRequest, WaitResponse>
{
    public async ValueTask<WaitResponse> InvokeAsync(WaitRequest request, FunctionContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(request.Milliseconds, cancellationToken);
        return new WaitResponse(request.Milliseconds);
    }
}

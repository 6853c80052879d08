namespace CloudFunction.Worker.Session;

/// <summary>What <see cref="WarmUp"/> runs.</summary>
internal sealed class WarmUpFunction : IFunction<WarmUpPayload, WarmUpPayload>
{
    public ValueTask<WarmUpPayload> InvokeAsync(WarmUpPayload request, FunctionContext context, CancellationToken cancellationToken) => new(request);
}

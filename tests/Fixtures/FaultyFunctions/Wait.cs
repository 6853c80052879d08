using CloudFunction;

namespace FaultyFunctions;

/// <summary>Waits as it should. Markers: <c>id.started</c> with the process id, <c>id.cancelled</c> once its
/// token has fired, and <c>id.cleaned</c> when it has then cleaned up, for half a second.</summary>
[Function("wait")]
public sealed class Wait : IFunction<MarkedWait, string>
{
    public async ValueTask<string> InvokeAsync(MarkedWait request, FunctionContext context, CancellationToken cancellationToken)
    {
        Marker.Write(context, request.Id + ".started", $"{Environment.ProcessId}");
        try
        {
            await Task.Delay(request.Milliseconds, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Marker.Write(context, request.Id + ".cancelled");
            await Task.Delay(500, CancellationToken.None);
            Marker.Write(context, request.Id + ".cleaned");
            throw;
        }

        return request.Id;
    }
}

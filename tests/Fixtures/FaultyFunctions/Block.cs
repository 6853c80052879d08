using System.Diagnostics;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Keeps its thread until a test writes the marker <c>id.release</c>, at most for so many milliseconds, and checks its token
/// meanwhile but does not obey it. Markers of its own: <c>id.started</c>, <c>id.cancelled</c> once the token has fired, and
/// <c>id.ended</c>. With 0 milliseconds it returns at once, and so comes to be run on the reader.</summary>
[Function("block")]
public sealed class Block : IFunction<MarkedWait, string>
{
    public ValueTask<string> InvokeAsync(MarkedWait request, FunctionContext context, CancellationToken cancellationToken)
    {
        if (request.Milliseconds == 0)
        {
            return ValueTask.FromResult(request.Id);
        }

        Marker.Write(context, request.Id + ".started");
        var watch = Stopwatch.StartNew();
        var seen = false;
        using var never = new ManualResetEventSlim();
        while (watch.ElapsedMilliseconds < request.Milliseconds && !Marker.Exists(context, request.Id + ".release"))
        {
            if (!seen && cancellationToken.IsCancellationRequested)
            {
                seen = true;
                Marker.Write(context, request.Id + ".cancelled");
            }

            never.Wait(1, CancellationToken.None);
        }

        Marker.Write(context, request.Id + ".ended");
        return ValueTask.FromResult(request.Id);
    }
}

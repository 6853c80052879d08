using System.Diagnostics;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Keeps its thread, and looks at its token meanwhile but does not obey it. Markers: <c>id.started</c>, and <c>id.cancelled</c> with the
/// milliseconds after which the token was seen to fire. With 0 milliseconds it returns at once, and so comes to be run on the reader.</summary>
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
        while (watch.ElapsedMilliseconds < request.Milliseconds)
        {
            if (!seen && cancellationToken.IsCancellationRequested)
            {
                seen = true;
                Marker.Write(context, request.Id + ".cancelled", $"{watch.ElapsedMilliseconds}");
            }

            never.Wait(1, CancellationToken.None);
        }

        return ValueTask.FromResult(request.Id);
    }
}

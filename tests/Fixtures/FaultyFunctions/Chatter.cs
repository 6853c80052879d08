using System.Diagnostics;
using CloudFunction;
using Microsoft.Extensions.Logging;

namespace FaultyFunctions;

/// <summary>How much to log. <paramref name="PauseEvery"/> lines it pauses for a moment; 0 is never.</summary>
public sealed record ChatterRequest(string Id, int Lines, int LineBytes, int PauseEvery);

/// <summary>Logs numbered lines of a given length. Markers: <c>id.started</c>, and <c>id.held</c> once the logger has held it up for
/// several lines, one after the other.</summary>
[Function("chatter")]
public sealed class Chatter : IFunction<ChatterRequest, int>
{
    private const int SeveralLines = 5;

    // Half as long as the logger waits for room at most.
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public async ValueTask<int> InvokeAsync(ChatterRequest request, FunctionContext context, CancellationToken cancellationToken)
    {
        Marker.Write(context, request.Id + ".started");
        var held = 0;
        for (var line = 0; line < request.Lines; line++)
        {
            var text = $"{request.Id} {line:D7} ".PadRight(request.LineBytes - 1, '.') + "!";
            var began = Stopwatch.GetTimestamp();
#pragma warning disable CA1848, CA2254 // What is logged is the text itself.
            context.Logger.LogInformation(text);
#pragma warning restore CA1848, CA2254
            if (Stopwatch.GetElapsedTime(began) > Wait && ++held == SeveralLines)
            {
                Marker.Write(context, request.Id + ".held");
            }

            if (request.PauseEvery > 0 && line % request.PauseEvery == 0)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }

        return request.Lines;
    }
}

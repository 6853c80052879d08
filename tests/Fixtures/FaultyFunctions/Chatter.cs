using System.Diagnostics;
using CloudFunction;
using Microsoft.Extensions.Logging;

namespace FaultyFunctions;

/// <summary>How much to log. <paramref name="PauseEvery"/> lines it pauses for a moment; 0 is never.</summary>
public sealed record ChatterRequest(string Id, int Lines, int LineBytes, int PauseEvery);

/// <summary>Logs numbered lines of a given length. The answer is how many milliseconds the longest call of the logger took.</summary>
[Function("chatter")]
public sealed class Chatter : IFunction<ChatterRequest, double>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public async ValueTask<double> InvokeAsync(ChatterRequest request, FunctionContext context, CancellationToken cancellationToken)
    {
        Marker.Write(context, request.Id + ".started");
        var longest = TimeSpan.Zero;
        for (var line = 0; line < request.Lines; line++)
        {
            var text = $"{request.Id} {line:D7} ".PadRight(request.LineBytes - 1, '.') + "!";
            var began = Stopwatch.GetTimestamp();
#pragma warning disable CA1848, CA2254 // What is logged is the text itself.
            context.Logger.LogInformation(text);
#pragma warning restore CA1848, CA2254
            var took = Stopwatch.GetElapsedTime(began);
            longest = took > longest ? took : longest;
            if (request.PauseEvery > 0 && line % request.PauseEvery == 0)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }

        return longest.TotalMilliseconds;
    }
}

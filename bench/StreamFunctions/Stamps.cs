using System.Diagnostics;
using System.Runtime.CompilerServices;
using CloudFunction;

namespace StreamFunctions;

/// <summary>Streams items that say when they were made; the baseline has the same enumerator in the server's own process.</summary>
[Function("stamps")]
public sealed class Stamps : IStreamingFunction<StampsRequest, Stamped>
{
    public IAsyncEnumerable<Stamped> InvokeAsync(StampsRequest request, FunctionContext context, CancellationToken cancellationToken) =>
        EnumerateAsync(request, cancellationToken);

    public static async IAsyncEnumerable<Stamped> EnumerateAsync(StampsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var padding = new string('x', request.PaddingLength);
        for (var number = 0; number < request.Count; number++)
        {
            yield return new Stamped(number, Stopwatch.GetTimestamp(), padding);
            if (number == 0 && request.PauseMilliseconds > 0)
            {
                await Task.Delay(request.PauseMilliseconds, cancellationToken);
            }
        }
    }
}

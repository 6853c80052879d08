using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Never ends, whatever its token says. Marker: <c>spin.started</c> with the process id.</summary>
[Function("spin")]
public sealed class Spin : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        Marker.Write(context, "spin.started", $"{Environment.ProcessId}");
        while (true)
        {
            Thread.SpinWait(1000);
        }
    }
}

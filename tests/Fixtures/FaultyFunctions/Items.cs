using System.Globalization;
using System.Runtime.CompilerServices;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Numbered items. Markers: <c>id.made</c> with how many there were, at every hundredth and at the end, and <c>id.ended</c> with
/// the process id once the enumerator is disposed of.</summary>
[Function("items")]
public sealed class Items : IStreamingFunction<ItemsRequest, Item>
{
    public async IAsyncEnumerable<Item> InvokeAsync(
        ItemsRequest request, FunctionContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var text = new string('x', request.Bytes);
        var made = 0;
        try
        {
            while (made < request.Count)
            {
                if (made > 0 && made == request.FailAt)
                {
                    throw new InvalidOperationException($"There is no item {made + 1}.");
                }

                yield return new Item(++made, text);
                if (made % 100 == 0)
                {
                    Note();
                }

                if (request.Milliseconds > 0)
                {
                    await Task.Delay(request.Milliseconds, cancellationToken);
                }
            }
        }
        finally
        {
            Note();
            Marker.Write(context, request.Id + ".ended", $"{Environment.ProcessId}");
        }

        void Note() => Marker.Write(context, request.Id + ".made", made.ToString(CultureInfo.InvariantCulture));
    }
}

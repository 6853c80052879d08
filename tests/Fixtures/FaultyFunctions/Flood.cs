using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Writes as many bytes as the payload says to standard output with no newline among them, then NULs and what is no UTF-8, then
/// lines too many.</summary>
[Function("flood")]
public sealed class Flood : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        using var output = Console.OpenStandardOutput();
        var chunk = new byte[64 * 1024];
        for (var i = 0; i < chunk.Length; i++)
        {
            chunk[i] = (byte)"x\0\xff\xc3"[i % 4];
        }

        for (var written = 0; written < payload.GetInt32(); written += chunk.Length)
        {
            output.Write(chunk);
        }

        output.Write("\n"u8);
        for (var line = 0; line < 20_000; line++)
        {
            output.Write("line\n"u8);
        }

        return ValueTask.FromResult<object?>("written");
    }
}

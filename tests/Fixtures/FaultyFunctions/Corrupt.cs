using System.Runtime.InteropServices;
using System.Text.Json;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>Writes what is no frame to every socket of its process, the one to the host among them.</summary>
[Function("corrupt")]
public sealed partial class Corrupt : IFunction
{
    public async ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        var garbage = new byte[64];
        garbage.AsSpan().Fill(0xff);
        foreach (var descriptor in new DirectoryInfo("/proc/self/fd").GetFiles())
        {
            if (descriptor.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
            {
                _ = Write(int.Parse(descriptor.Name, System.Globalization.CultureInfo.InvariantCulture), garbage, garbage.Length);
            }
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
        return null;
    }

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte[] bytes, nint count);
}

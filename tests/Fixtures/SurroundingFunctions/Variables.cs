using System.Runtime.InteropServices;
using CloudFunction;

namespace SurroundingFunctions;

/// <summary>Tells what environment managed code sees, and which part of it native code sees: <c>{"managed":{…},"native":{…}}</c>.</summary>
public sealed partial class Variables : IFunction<string[], VariablesResponse>
{
    public ValueTask<VariablesResponse> InvokeAsync(string[] request, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new VariablesResponse(
            request.ToDictionary(name => name, Environment.GetEnvironmentVariable),
            request.ToDictionary(name => name, name => OperatingSystem.IsWindows() ? null : Marshal.PtrToStringUTF8(GetNative(name))),
            [.. Environment.GetEnvironmentVariables().Keys.Cast<string>().Order(StringComparer.Ordinal)]));

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetNative(string name);
}

using System.Runtime;
using System.Text.Json;
using CloudFunction;
using Microsoft.AspNetCore.WebUtilities;

namespace WebFunctions;

/// <summary>Uses ASP.NET Core's shared framework, and tells what the process was configured with.</summary>
public sealed class Link : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>(new
        {
            link = QueryHelpers.AddQueryString("/find", "q", "a b"),
            framework = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(QueryHelpers).Assembly.Location))),
            serverGarbageCollection = GCSettings.IsServerGC,
            concurrentGarbageCollection = AppContext.TryGetSwitch("System.GC.Concurrent", out var concurrent) && concurrent,
            tieredPgo = AppContext.GetData("System.Runtime.TieredPGO"),
            greeting = AppContext.GetData("Acme.Greeting"),
        });
}

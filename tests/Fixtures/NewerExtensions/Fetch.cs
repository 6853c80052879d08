using System.Runtime.Loader;
using System.Text.Json;
using CloudFunction;

namespace NewerExtensions;

/// <summary>Sends a request through the factory's handlers, and tells what is loaded:
/// <c>{"answer":…,"assemblies":{"Microsoft.Extensions.Http":"11.0.0.0",…}}</c>.</summary>
public sealed class Fetch(IHttpClientFactory clients) : IFunction
{
    public async ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient("shop");
        var answer = await client.GetStringAsync(new Uri("ping", UriKind.Relative), cancellationToken);
        var assemblies = AssemblyLoadContext.All.SelectMany(loaded => loaded.Assemblies)
            .Select(assembly => assembly.GetName())
            .OrderBy(name => name.Name, StringComparer.Ordinal)
            .ToDictionary(name => name.Name!, name => name.Version!.ToString());
        return new { answer, assemblies };
    }
}

using System.Globalization;
using System.Reflection;
using System.Runtime;
using System.Text.Json;
using CloudFunction;

namespace SurroundingFunctions;

/// <summary>Tells where a function finds itself.</summary>
public sealed class Whereabouts : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>(new
        {
            baseDirectory = AppContext.BaseDirectory,
            currentDirectory = Environment.CurrentDirectory,
            entryAssembly = Assembly.GetEntryAssembly()?.GetName().Name,
            timeZone = TimeZoneInfo.Local.Id,
            culture = CultureInfo.CurrentCulture.Name,
            serverGarbageCollection = GCSettings.IsServerGC,
        });
}

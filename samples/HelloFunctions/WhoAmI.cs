using System.Text.Json;
using CloudFunction;

namespace HelloFunctions;

/// <summary>Shows that every project runs in a process of its own: <c>{"pid":…,"project":"hello","function":"whoami"}</c>.</summary>
[Function("whoami", Description = "Reports which process runs it")]
public sealed class WhoAmI : IFunction
{
    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>(new { pid = Environment.ProcessId, project = context.Project, function = context.Function });
}

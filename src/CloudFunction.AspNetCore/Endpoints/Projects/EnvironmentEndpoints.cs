using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Projects;

/// <summary>What can be asked about environments and changed in them. No value is shown but those of the host's own settings that
/// are no secret.</summary>
internal sealed class EnvironmentEndpoints(ServerSettings settings, IFunctionRuntime runtime, IProjectOperations operations)
{
    /// <summary>The settings with the values in force, and the names of the system <c>.env</c>'s other variables. No secret, set
    /// anywhere, is shown.</summary>
    public Task GetSystemAsync(HttpContext context) => AnswerSystemAsync(context, []);

    /// <summary>Changes the system <c>.env</c>; settings among the changes are named, since they wait for the next start.</summary>
    public async Task PutSystemAsync(HttpContext context)
    {
        var changes = await EnvironmentBody.ReadAsync(context).ConfigureAwait(false);
        var waiting = await operations.SetSystemEnvironmentAsync(changes, context.RequestAborted).ConfigureAwait(false);
        await AnswerSystemAsync(context, waiting).ConfigureAwait(false);
    }

    public Task GetProjectAsync(HttpContext context) => AnswerProjectAsync(context, runtime.Require(context).EnvironmentKeys);

    public async Task PutProjectAsync(HttpContext context)
    {
        var project = RouteName.Project(context);
        var changes = await EnvironmentBody.ReadAsync(context).ConfigureAwait(false);
        var names = await operations.SetEnvironmentAsync(project, changes, context.RequestAborted).ConfigureAwait(false);
        await AnswerProjectAsync(context, names).ConfigureAwait(false);
    }

    private Task AnswerSystemAsync(HttpContext context, IReadOnlyList<string> waiting) =>
        JsonResponse.WriteAsync(context, StatusCodes.Status200OK, (settings, waiting), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "success"u8);
            if (state.waiting.Count > 0)
            {
                json.WriteString("message"u8, $"In force once the host is started again: {string.Join(", ", state.waiting)}.");
                ProjectJson.WriteTexts(json, "restart_required"u8, state.waiting);
            }

            json.WriteStartObject("data"u8);
            WriteSettings(json, state.settings);
            EnvironmentJson.WriteNames(json, state.settings.SystemVariables.Where(static name => !IsSetting(name)).Order(StringComparer.Ordinal));
            json.WriteEndObject();
            json.WriteEndObject();
        });

    private static Task AnswerProjectAsync(HttpContext context, IReadOnlyList<string> names) =>
        JsonResponse.WriteAsync(context, StatusCodes.Status200OK, names, static (json, all) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "success"u8);
            json.WriteStartObject("data"u8);
            EnvironmentJson.WriteNames(json, all);
            json.WriteEndObject();
            json.WriteEndObject();
        });

    private static void WriteSettings(Utf8JsonWriter json, ServerSettings settings)
    {
        foreach (var setting in SettingsTable.All)
        {
            if (!setting.IsSecret)
            {
                json.WriteString(setting.Name, setting.GetText(settings.Options));
            }
            else if (setting.GetText(settings.Options).Length > 0)
            {
                json.WriteString(setting.Name, EnvironmentJson.Masked);
            }
        }
    }

    private static bool IsSetting(string name) => SettingsTable.All.Any(setting => EnvironmentNames.Comparer.Equals(setting.Name, name));
}

using System.Text.Json;
using CloudFunction.AspNetCore.Hosting;
using CloudFunction.Runtime.Configuration;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints;

/// <summary>What can be asked about the host's own environment.</summary>
internal sealed class EnvironmentEndpoints(ServerSettings settings)
{
    private const string Masked = "***";

    /// <summary>The settings with the values in force, and the names of the system <c>.env</c>'s other variables. No secret, set anywhere, is shown.</summary>
    public Task GetSystemAsync(HttpContext context) => JsonResponse.WriteAsync(context, StatusCodes.Status200OK, settings, static (json, settings) =>
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "success"u8);
        json.WriteStartObject("data"u8);
        WriteSettings(json, settings);
        foreach (var name in settings.SystemVariables.Where(static name => !IsSetting(name)).Order(StringComparer.Ordinal))
        {
            json.WriteString(name, Masked);
        }

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
                json.WriteString(setting.Name, Masked);
            }
        }
    }

    private static bool IsSetting(string name) => SettingsTable.All.Any(setting => EnvironmentNames.Comparer.Equals(setting.Name, name));
}

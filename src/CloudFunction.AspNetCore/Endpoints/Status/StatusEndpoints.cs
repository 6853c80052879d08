using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Projects;
using CloudFunction.Runtime.Hosting;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Status;

/// <summary>What can be asked about the host itself: <c>/</c>, <c>/health*</c> and <c>/status</c>.</summary>
internal sealed class StatusEndpoints(IFunctionRuntime runtime, TimeProvider time)
{
    public Task RootAsync(HttpContext context) => JsonResponse.WriteAsync(context, StatusCodes.Status200OK, runtime.Version, static (json, version) =>
    {
        json.WriteStartObject();
        json.WriteString("service"u8, "CloudFunction"u8);
        json.WriteString("version"u8, version);
        json.WriteString("status"u8, "running"u8);
        json.WriteEndObject();
    });

    /// <summary>The process answers: whoever restarts it on a failure of this one must not do so because it is not ready yet.</summary>
    public Task LiveAsync(HttpContext context) => HealthAsync(context, []);

    public Task ReadyAsync(HttpContext context) => HealthAsync(context, runtime.GetUnreadyReasons());

    public Task StatusAsync(HttpContext context) =>
        JsonResponse.WriteAsync(context, StatusCodes.Status200OK, runtime.GetStatus(), static (json, status) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "running"u8);
            json.WriteString("uptime"u8, Readable.Duration(status.Uptime));
            json.WriteNumber("active_projects"u8, status.ActiveProjects);
            json.WriteNumber("total_functions"u8, status.TotalFunctions);
            json.WriteString("memory_usage"u8, Readable.Size(status.MemoryBytes));
            json.WriteStartArray("workers"u8);
            foreach (var worker in status.Workers)
            {
                WorkerJson.Write(json, worker, withProject: true);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });

    private Task HealthAsync(HttpContext context, IReadOnlyList<string> reasons) => JsonResponse.WriteAsync(
        context,
        reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
        (runtime.Version, Now: time.GetUtcNow(), Reasons: reasons),
        static (json, health) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, health.Reasons.Count == 0 ? "healthy"u8 : "unhealthy"u8);
            json.WriteString("version"u8, health.Version);
            json.WriteString("timestamp"u8, UtcTimestamp.ToText(health.Now));
            if (health.Reasons.Count > 0)
            {
                ProjectJson.WriteTexts(json, "reasons"u8, health.Reasons);
            }

            json.WriteEndObject();
        });
}

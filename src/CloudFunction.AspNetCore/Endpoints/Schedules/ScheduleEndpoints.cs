using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.Runtime.Schedules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CloudFunction.AspNetCore.Endpoints.Schedules;

/// <summary>What can be asked about schedules and done with them.</summary>
internal sealed class ScheduleEndpoints(IScheduleOperations schedules, ServerSettings settings)
{
    public Task ListAsync(HttpContext context)
    {
        var project = context.Request.Query.TryGetValue("project", out var name) ? name.ToString() : null;
        var found = schedules.List().Where(schedule => project is null || schedule.Definition.Target.Project == project).ToArray();
        return JsonResponse.WriteAsync(context, StatusCodes.Status200OK, found, static (json, all) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "success"u8);
            json.WriteStartArray("schedules"u8);
            foreach (var schedule in all)
            {
                ScheduleJson.Write(json, schedule);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    public Task GetAsync(HttpContext context)
    {
        var id = ReadId(context);
        return AnswerAsync(context, StatusCodes.Status200OK, schedules.Find(id) ?? throw new ApiException(ApiError.NoSuchSchedule(id)), null, null);
    }

    public async Task AddAsync(HttpContext context)
    {
        var definition = await ScheduleBody.ReadAsync(context, settings.Options.SchedulerTimeZone).ConfigureAwait(false);
        var change = Require(await schedules.AddAsync(definition, context.RequestAborted).ConfigureAwait(false), definition.Id, definition.Target);
        context.Response.Headers.Location = settings.Options.ServerUrl?.AbsoluteUri.TrimEnd('/')
            + $"{context.Request.PathBase}/api/v1/schedules/{definition.Id}";
        await AnswerAsync(context, StatusCodes.Status201Created, change.Schedule!, null, "The schedule is stored.").ConfigureAwait(false);
    }

    public Task DeleteAsync(HttpContext context) =>
        ChangeAsync(context, schedules.DeleteAsync, "The schedule is deleted. What it has started goes on.");

    public Task PauseAsync(HttpContext context) => ChangeAsync(context, schedules.PauseAsync, "The schedule is paused.");

    public Task ResumeAsync(HttpContext context) => ChangeAsync(context, schedules.ResumeAsync, "The schedule goes on from now.");

    public Task RunAsync(HttpContext context) => ChangeAsync(context, schedules.RunAsync, "The schedule runs now.");

    private static async Task ChangeAsync(HttpContext context, Func<string, CancellationToken, Task<ScheduleChange>> change, string message)
    {
        var id = ReadId(context);
        var done = Require(await change(id, context.RequestAborted).ConfigureAwait(false), id);
        await AnswerAsync(context, StatusCodes.Status200OK, done.Schedule!, done.Run, message).ConfigureAwait(false);
    }

    private static ScheduleChange Require(ScheduleChange change, string id, ScheduleTarget? target = null) =>
        (change.Refusal, change.Rejection) switch
        {
            (null, _) => change,
            (_, { } rejection) when target is { Project: { } project } =>
                throw new ApiException(CallFailure.ToApiError(rejection, project, target.Function)),
            (ScheduleRefusal.Conflict, _) => throw new ApiException(ApiError.Conflict("schedule", "not allowed", change.Message!)),
            _ => throw new ApiException(ApiError.NoSuchSchedule(id)),
        };

    private static Task AnswerAsync(HttpContext context, int status, ScheduleInfo schedule, ScheduleRun? run, string? message) =>
        JsonResponse.WriteAsync(context, status, (schedule, run, message), static (json, answer) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "success"u8);
            if (answer.message is { } text)
            {
                json.WriteString("message"u8, text);
            }

            if (answer.run is { Task: { } task })
            {
                json.WriteString("task_id"u8, task.ToString());
            }

            json.WritePropertyName("schedule"u8);
            ScheduleJson.Write(json, answer.schedule);
            json.WriteEndObject();
        });

    private static string ReadId(HttpContext context) => context.GetRouteValue("id") as string ?? "";
}

using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.Runtime.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>What can be asked about tasks and done with them.</summary>
internal sealed class TaskEndpoints(ITaskOperations tasks)
{
    public Task ListAsync(HttpContext context) => ListAsync(context, TaskListQuery.Read(context.Request.Query));

    public Task ListOfFunctionAsync(HttpContext context)
    {
        var (project, function) = RouteName.Function(context);
        return ListAsync(context, TaskListQuery.Read(context.Request.Query, project, function));
    }

    public async Task GetAsync(HttpContext context)
    {
        var task = await tasks.FindAsync(ReadId(context), context.RequestAborted).ConfigureAwait(false) ?? throw NotFound(context);
        await WriteAsync(context, task).ConfigureAwait(false);
    }

    public async Task GetOfFunctionAsync(HttpContext context) =>
        await WriteAsync(context, await RequireOfFunctionAsync(context).ConfigureAwait(false)).ConfigureAwait(false);

    public Task CancelAsync(HttpContext context) => CancelAsync(context, ReadId(context));

    public async Task CancelOfFunctionAsync(HttpContext context)
    {
        var task = await RequireOfFunctionAsync(context).ConfigureAwait(false);
        await CancelAsync(context, task.Summary.Id).ConfigureAwait(false);
    }

    public async Task RetryAsync(HttpContext context)
    {
        var id = ReadId(context);
        var outcome = await tasks.RerunAsync(id, context.RequestAborted).ConfigureAwait(false);
        await (outcome switch
        {
            RerunOutcome.Queued =>
                TaskAnswer.WriteAsync(context, StatusCodes.Status202Accepted, id, "The task runs again, with as many attempts as it had at first."),
            RerunOutcome.NotFailed => throw new ApiException(ApiError.Conflict("task", "not failed", "Only a failed task can be run again.")),
            _ => throw NotFound(context),
        }).ConfigureAwait(false);
    }

    private static async Task WriteAsync(HttpContext context, FunctionTask task)
    {
        try
        {
            await TaskDocument.WriteAsync(context, task).ConfigureAwait(false);
        }
        catch (StoredValueGoneException) when (task.Summary.Status.IsFinal())
        {
            throw NotFound(context); // It was deleted since it was found.
        }
    }

    private async Task ListAsync(HttpContext context, TaskQuery query)
    {
        var page = await tasks.ListAsync(query, context.RequestAborted).ConfigureAwait(false);
        await JsonResponse.WriteAsync(context, StatusCodes.Status200OK, page, TaskJson.WritePage).ConfigureAwait(false);
    }

    private async Task CancelAsync(HttpContext context, TaskId id)
    {
        var outcome = await tasks.CancelAsync(id, context.RequestAborted).ConfigureAwait(false);
        await (outcome switch
        {
            CancelOutcome.Cancelled => TaskAnswer.WriteAsync(context, StatusCodes.Status200OK, id, "The task is cancelled."),
            CancelOutcome.Requested =>
                TaskAnswer.WriteAsync(context, StatusCodes.Status202Accepted, id, "The task runs; its function was asked to end."),
            CancelOutcome.Finished =>
                throw new ApiException(ApiError.Conflict("task", "finished", "The task is finished and can no longer be cancelled.")),
            _ => throw NotFound(context),
        }).ConfigureAwait(false);
    }

    private async Task<FunctionTask> RequireOfFunctionAsync(HttpContext context)
    {
        var (project, function) = RouteName.Function(context);
        var task = await tasks.FindAsync(ReadId(context), context.RequestAborted).ConfigureAwait(false);
        return task is not null && task.Summary.Project == project && task.Summary.Function == function ? task : throw NotFound(context);
    }

    private static TaskId ReadId(HttpContext context) => TaskId.TryParse(IdText(context), out var id) ? id : throw NotFound(context);

    private static ApiException NotFound(HttpContext context) => new(ApiError.NoSuchTask(IdText(context)));

    private static string IdText(HttpContext context) => context.GetRouteValue("id") as string ?? "";
}

using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;

namespace CloudFunction.Runtime.Tasks;

/// <summary>Takes tasks in, with TASK_MAX_ATTEMPTS where neither their callers nor their functions set a limit, and answers for them.</summary>
internal sealed class TaskOperations(ITaskStore store, ITaskRouter router, int maxAttempts) : ITaskOperations
{
    public async Task<TaskAdmission> EnqueueAsync(TaskRequest request, CancellationToken cancellationToken)
    {
        if (request is { IdempotencyKey: not null, PayloadHash: null })
        {
            request = request with { PayloadHash = await request.Payload.HashAsync(cancellationToken).ConfigureAwait(false) };
        }

        return TryMake(request, out var task) is { } rejection
            ? new TaskAdmission(rejection, default)
            : new TaskAdmission(null, await store.EnqueueAsync(task!, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Makes a task of a request, without storing it.</summary>
    /// <returns>Why it cannot be one; null where it can.</returns>
    public Rejection? TryMake(TaskRequest request, out NewTask? task)
    {
        task = null;
        if (router.Check(request.Project, request.Function, out var route) is { } rejection)
        {
            return rejection;
        }

        if (route?.Target.Kind == FunctionKind.Http)
        {
            return new Rejection(
                RejectionReason.HttpFunction,
                $"'{request.Function}' is an HTTP function and cannot be queued or scheduled: call /fn/{request.Project}/{request.Function}/.");
        }

        var terms = new TaskTerms
        {
            MaxAttempts = request.MaxAttempts ?? route?.Target.MaxAttempts ?? maxAttempts,
            Timeout = request.Timeout,
            Caller = request.Caller,
            TraceParent = request.TraceParent,
            CallbackUrl = request.CallbackUrl,
            Schedule = request.Schedule,
        };
        task = new NewTask(request.Project, request.Function, request.Payload, terms)
        {
            Delay = request.Delay,
            IsAnonymous = request.IsAnonymous,
            IdempotencyKey = request.IdempotencyKey is { } key
                ? IdempotencyKey.OfHash(request.Project, request.Function, request.Caller, key, request.PayloadHash!)
                : null,
        };
        return null;
    }

    public Task<FunctionTask?> FindAsync(TaskId id, CancellationToken cancellationToken) => store.GetAsync(id, cancellationToken);

    public Task<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

    public Task<CancelOutcome> CancelAsync(TaskId id, CancellationToken cancellationToken) => store.CancelAsync(id, cancellationToken);

    public Task<RerunOutcome> RerunAsync(TaskId id, CancellationToken cancellationToken) => store.RerunAsync(id, cancellationToken);
}

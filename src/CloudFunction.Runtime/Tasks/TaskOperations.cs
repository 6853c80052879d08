using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Tasks.Dispatch;
using CloudFunction.Runtime.Tasks.Storage;

namespace CloudFunction.Runtime.Tasks;

/// <summary>Takes tasks in and answers for them.</summary>
/// <param name="readStore">The store; throws until the host has started.</param>
/// <param name="readDispatcher">Who runs them; likewise.</param>
/// <param name="router">Knows which functions there are.</param>
/// <param name="maxAttempts">TASK_MAX_ATTEMPTS.</param>
internal sealed class TaskOperations(Func<SqliteTaskStore> readStore, Func<TaskDispatcher> readDispatcher, ITaskRouter router, int maxAttempts)
    : ITaskOperations, IIdempotencyStore
{
    public async Task<TaskAdmission> EnqueueAsync(TaskRequest request, CancellationToken cancellationToken)
    {
        if (request is { IdempotencyKey: not null, PayloadHash: null })
        {
            request = request with { PayloadHash = await request.Payload.HashAsync(cancellationToken).ConfigureAwait(false) };
        }

        return TryMake(request, out var task) is { } rejection
            ? new TaskAdmission(rejection, default)
            : new TaskAdmission(null, await readStore().EnqueueAsync(task!, cancellationToken).ConfigureAwait(false));
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

        if (route?.Target.Shape == FunctionShape.Http)
        {
            return new Rejection(
                RejectionReason.HttpFunction, $"'{request.Function}' is an HTTP function and cannot be queued or scheduled: call /fn/{request.Project}/{request.Function}/.");
        }

        var terms = new TaskTerms
        {
            MaxAttempts = request.MaxAttempts ?? route?.Target.MaxAttempts ?? maxAttempts,
            Timeout = request.Timeout,
            Caller = request.Caller,
            Traceparent = request.TraceParent,
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

    public Task<FunctionTask?> FindAsync(TaskId id, CancellationToken cancellationToken) => readStore().GetAsync(id, cancellationToken);

    public Task<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken) => readStore().ListAsync(query, cancellationToken);

    public Task<CancelOutcome> CancelAsync(TaskId id, CancellationToken cancellationToken) => readDispatcher().CancelAsync(id, cancellationToken);

    public Task<RerunOutcome> RerunAsync(TaskId id, CancellationToken cancellationToken) => readStore().RerunAsync(id, cancellationToken);

    public Task<IdempotencyRecord?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken) => readStore().FindAsync(key, cancellationToken);

    public Task<IdempotencyRecord?> SaveAsync(IdempotencyKey key, NewValue outcome, string? anonymousOf, CancellationToken cancellationToken) =>
        readStore().SaveAsync(key, outcome, anonymousOf, cancellationToken);

    public Task<bool> HasAnonymousRoomAsync(string project, CancellationToken cancellationToken) => readStore().HasAnonymousRoomAsync(project, cancellationToken);
}

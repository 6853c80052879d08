using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.AspNetCore.Tests.Fakes;

/// <summary>Tasks that are noted and not run.</summary>
internal sealed class FakeTasks : ITaskOperations
{
    public static readonly TaskId Id = new(0x019be3c2f7a07001, unchecked((long)0x8123456789abcdef));

    public const string IdText = "019be3c2f7a070018123456789abcdef";

    public List<TaskRequest> Requests { get; } = [];

    /// <summary>The payloads, as they were when the requests came.</summary>
    public List<byte[]> Payloads { get; } = [];

    public List<string> Acts { get; } = [];

    /// <summary>What every operation throws; null where it succeeds.</summary>
    public Exception? Failure { get; set; }

    public TaskAdmission Admission { get; set; } = new(null, new EnqueueResult(EnqueueOutcome.Accepted, Id));

    public FunctionTask? Task { get; set; }

    public TaskPage Page { get; set; } = new([], null);

    public TaskQuery? LastQuery { get; private set; }

    public CancelOutcome Cancel { get; set; } = CancelOutcome.Cancelled;

    public RerunOutcome Rerun { get; set; } = RerunOutcome.Queued;

    public static TaskSummary Summary(FunctionTaskStatus status = FunctionTaskStatus.Created, InvocationError? error = null) => new(
        Id, "hello", "greet", status, 1, 3, FakeRuntime.Start, FakeRuntime.Start.AddHours(1), FakeRuntime.Start.AddHours(2), false, error,
        new TaskTerms { MaxAttempts = 3 });

    public Task<TaskAdmission> EnqueueAsync(TaskRequest request, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        Payloads.Add(request.Payload.Row.ToArray());
        return Answer(Admission);
    }

    public Task<FunctionTask?> FindAsync(TaskId id, CancellationToken cancellationToken) => Answer(id == Id ? Task : null);

    public Task<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        LastQuery = query;
        return Answer(Page);
    }

    public Task<CancelOutcome> CancelAsync(TaskId id, CancellationToken cancellationToken)
    {
        Acts.Add($"cancel {id}");
        return Answer(Cancel);
    }

    public Task<RerunOutcome> RerunAsync(TaskId id, CancellationToken cancellationToken)
    {
        Acts.Add($"rerun {id}");
        return Answer(Rerun);
    }

    private Task<T> Answer<T>(T result) =>
        Failure is null ? System.Threading.Tasks.Task.FromResult(result) : System.Threading.Tasks.Task.FromException<T>(Failure);
}

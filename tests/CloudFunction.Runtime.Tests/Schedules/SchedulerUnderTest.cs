using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Schedules;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tests.Tasks.Storage;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>A scheduler over a real store, with a clock of the test's own.</summary>
internal sealed class SchedulerUnderTest : IAsyncDisposable
{
    private readonly TaskStoreUnderTest _store = new();

    private SchedulerUnderTest() => Scheduler = Make();

    public AnyFunction Router { get; } = new();

    public RecordingLogger<Scheduler> Logger { get; } = new();

    public RecordingLogger<ScheduleStarter> StarterLogger { get; } = new();

    public Scheduler Scheduler { get; private set; }

    public DateTimeOffset Now => _store.Time.GetUtcNow();

    public static async Task<SchedulerUnderTest> StartAsync(params ScheduleDefinition[] definitions)
    {
        var test = new SchedulerUnderTest();
        await test.Scheduler.LoadAsync(CancellationToken.None);
        await test.SetAsync(definitions);
        return test;
    }

    public Task SetAsync(params ScheduleDefinition[] definitions) => SetAsync(ScheduleSource.File, null, definitions);

    public Task SetAsync(ScheduleSource source, string? project, params ScheduleDefinition[] definitions) =>
        Scheduler.SetAsync(source, project, definitions, CancellationToken.None);

    /// <summary>Lets time pass with the host up, and looks once.</summary>
    public Task PassAsync(TimeSpan time)
    {
        _store.Time.Advance(time);
        return Scheduler.PollAsync(CancellationToken.None);
    }

    public void SetClock(DateTimeOffset time) => _store.Time.AdjustTime(time);

    /// <summary>A host that is killed; another one, later.</summary>
    public async Task CrashAsync(TimeSpan down, params ScheduleDefinition[] definitions)
    {
        Scheduler.Dispose();
        await _store.CrashAsync();
        _store.Time.Advance(down);
        Scheduler = Make();
        await Scheduler.LoadAsync(CancellationToken.None);
        await SetAsync(definitions);
        await Scheduler.PollAsync(CancellationToken.None);
    }

    public ScheduleInfo Info(string id = "project_shop_tick") =>
        Scheduler.Find(id) ?? throw new InvalidOperationException($"There is no schedule {id}.");

    /// <summary>What the store has of a schedule.</summary>
    public async Task<ScheduleState> StoredAsync(string id = "project_shop_tick") =>
        ScheduleState.FromJson((await _store.Store.FindScheduleAsync(id, CancellationToken.None))!);

    /// <summary>The tasks that were made, the oldest first.</summary>
    public async Task<IReadOnlyList<TaskSummary>> TasksAsync() =>
        [.. (await _store.Store.ListAsync(new TaskQuery(), CancellationToken.None)).Tasks.OrderBy(task => task.Id)];

    public Task<FunctionTask> GetAsync(TaskId id) => _store.GetAsync(id);

    /// <summary>Ends the task that waits or runs.</summary>
    public async Task FinishAsync()
    {
        var id = Assert.Single(await _store.ClaimAsync());
        await _store.EndAsync(id, (await _store.StartAsync(id))!.Value, TaskStoreUnderTest.Success);
    }

    public async ValueTask DisposeAsync()
    {
        Scheduler.Dispose();
        await _store.DisposeAsync();
    }

    /// <summary>A scheduler over the same store, as another host has one.</summary>
    public Scheduler Make()
    {
        var tasks = new TaskOperations(_store.Store, Router, 3);
        var starter = new ScheduleStarter(
            _store.Store, tasks, _store.Store, _store.Time, StarterLogger);
        return new Scheduler(_store.Store, starter, _store.Time, Logger);
    }

    /// <summary>Every function is there, unless the test says otherwise; nothing is called.</summary>
    internal sealed class AnyFunction : ITaskRouter
    {
        public Rejection? Rejection { get; set; }

        public Rejection? Check(string project, string function, out FunctionRoute? route)
        {
            route = null;
            return Rejection;
        }

        public bool TryReserve(string project, string function, Action onRoom, out FunctionRoute? route) => throw new NotSupportedException();

        public ValueTask<InvocationResult> InvokeReservedAsync(
            string project, string function, FunctionRoute route, in InvocationRequest request, CancellationToken cancellationToken) =>
                throw new NotSupportedException();
    }
}

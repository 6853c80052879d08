using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Schedules;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;
using CloudFunction.Runtime.Tasks.Storage;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

public sealed class StoredEnumTests : IDisposable
{
    private readonly TaskStoreUnderTest _tasks = new();

    public static TheoryData<string, string> UnknownValues =>
        new() { { "6", "6" }, { "-1", "-1" }, { "4294967299", "4294967299" }, { "1.5", "1.5" }, { "'completed'", "completed" } };

    public void Dispose() => _tasks.Dispose();

    // Files of earlier versions hold these numbers.
    [Fact]
    public void Sql_EveryStoredEnum_HasTheNumbersThatWereStored()
    {
        Assert.Equal("0, 1, 2, 3, 4, 5", StoredEnum.Sql(
            FunctionTaskStatus.Created,
            FunctionTaskStatus.Running,
            FunctionTaskStatus.Retrying,
            FunctionTaskStatus.Completed,
            FunctionTaskStatus.Failed,
            FunctionTaskStatus.Cancelled));
        Assert.Equal("0, 1, 2, 3, 4, 5, 6, 7, 8", StoredEnum.Sql(
            InvocationOutcome.Succeeded,
            InvocationOutcome.FunctionFailed,
            InvocationOutcome.InvalidPayload,
            InvocationOutcome.TimedOut,
            InvocationOutcome.Cancelled,
            InvocationOutcome.WorkerLost,
            InvocationOutcome.Rejected,
            InvocationOutcome.NotFound,
            InvocationOutcome.ProtocolFailed));
        Assert.Equal("0, 1, 2, 3", StoredEnum.Sql(CallbackState.Waiting, CallbackState.Delivered, CallbackState.Gone, CallbackState.Failed));
        Assert.Equal("0, 1, 2", StoredEnum.Sql(ScheduleSource.File, ScheduleSource.Function, ScheduleSource.Api));
        Assert.Equal("0, 1, 2, 3", StoredEnum.Sql(
            ScheduleRunOutcome.Started, ScheduleRunOutcome.Skipped, ScheduleRunOutcome.Failed, ScheduleRunOutcome.Waiting));
    }

    [Theory]
    [MemberData(nameof(UnknownValues))]
    public async Task GetAsync_UnknownStatus_FailsWithTheTaskAndTheValueWhateverIsAsked(string sql, string value)
    {
        var id = await _tasks.RunAsync(TaskStoreUnderTest.Failure);
        _tasks.Scalar($"UPDATE task SET status = {sql} WHERE key = {id.Key} RETURNING key");

        Func<Task>[] calls =
        [
            () => _tasks.GetAsync(id),
            () => _tasks.ListAsync(new TaskQuery()),
            () => _tasks.Store.CancelAsync(id, CancellationToken.None),
            () => _tasks.Store.RerunAsync(id, CancellationToken.None),
        ];
        foreach (var call in calls)
        {
            await FailsAsync(call, id, value);
        }

        await OthersWorkAsync();
        Assert.Equal(1, _tasks.Scalar($"SELECT status = {sql} FROM task WHERE key = {id.Key}"));
    }

    [Theory]
    [MemberData(nameof(UnknownValues))]
    public async Task GetAsync_UnknownOutcomeOfAnAttempt_FailsWithTheTaskAndTheValue(string sql, string value)
    {
        var id = await _tasks.RunAsync(TaskStoreUnderTest.Success);
        (sql, value) = (sql == "6" ? "9" : sql, value == "6" ? "9" : value);
        _tasks.Scalar($"UPDATE attempt SET outcome = {sql} WHERE task = {id.Key} RETURNING task");

        await FailsAsync(() => _tasks.GetAsync(id), id, value);

        Assert.Equal([id], await _tasks.ListAsync(new TaskQuery())); // Attempts are no part of it.
        await OthersWorkAsync();
    }

    [Theory]
    [InlineData("UPDATE task SET status = 77 WHERE key = {0} RETURNING key")]
    [InlineData("UPDATE attempt SET outcome = 77 WHERE task = {0} RETURNING task")]
    public async Task ClaimAsync_OneTaskIsUnknown_LeavesItOutAndReportsItOnce(string sql)
    {
        var id = await _tasks.RunAsync(TaskStoreUnderTest.Failure, maxAttempts: 2);
        var other = await _tasks.AddAsync();
        _tasks.Scalar(string.Format(null, sql, id.Key));

        Assert.Equal([other], await _tasks.ClaimAsync());
        Assert.Empty(await _tasks.ClaimAsync());

        Assert.Single(_tasks.Logger.Messages, message => message.Contains("left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_TaskWithAnUnknownStatus_KeepsItAndRunsTheOthers()
    {
        var (id, other) = (await _tasks.AddAsync(), await _tasks.AddAsync());
        _tasks.Scalar($"UPDATE task SET status = 77 WHERE key = {id.Key} RETURNING key");
        await _tasks.ReopenAsync();
        _tasks.Time.Advance(TimeSpan.FromDays(1));
        await _tasks.Store.SweepAsync(_tasks.Time.GetUtcNow(), CancellationToken.None);

        Assert.Equal([other], await _tasks.ClaimAsync());
        await FailsAsync(() => _tasks.GetAsync(id), id, "77");
    }

    private static async Task FailsAsync(Func<Task> call, TaskId id, string value)
    {
        var error = await Assert.ThrowsAsync<TaskStoreException>(call);
        Assert.Equal(TaskStoreFault.UnknownValue, error.Fault);
        Assert.Contains(id.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", error.Message, StringComparison.Ordinal);
    }

    private async Task OthersWorkAsync()
    {
        var other = await _tasks.RunAsync(TaskStoreUnderTest.Success);
        Assert.Equal(FunctionTaskStatus.Completed, await _tasks.StatusOfAsync(other));
    }
}

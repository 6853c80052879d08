using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Tasks;

/// <summary>Tasks whose worker ends, or has to be ended, in the middle of an attempt.</summary>
public sealed class TaskWorkerLossTests
{
    // What a synchronous call is told too; how the worker ended is its project's last error.
    private const string Lost = "The worker ended while it ran this call.";

    [SkippableFact]
    public async Task Attempt_WorkerIsKilled_CountsAndAnotherOneCompletesTheTask()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var id = await host.EnqueueAsync("note", """{"id":"a","milliseconds":60000}""");
        var pid = await WorkNote.WaitForStartAsync(root, "a");
        Assert.Equal("running", (await host.TaskAsync(id)).GetProperty("status").GetString());

        UnixProcess.Signal(pid, UnixProcess.SigKill);

        var task = await host.WaitForTaskAsync(id, "completed");
        Assert.Equal("a", task.GetProperty("result").GetString());
        Assert.Equal(["worker_lost", "succeeded"], task.Outcomes());
        Assert.Equal(2, task.GetProperty("attempt_count").GetInt32());
        Assert.Equal(Lost, task.GetProperty("attempts")[0].GetProperty("error").GetProperty("message").GetString());
        Assert.NotEqual(pid, await WorkNote.WaitForStartAsync(root, "a", 2));
    }

    [SkippableFact]
    public async Task Attempt_TaskEndsItsWorkerEveryTime_FailsAfterItsAttemptsWithTheErrorOfEach()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty").With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root);
        await using var load = new BackgroundLoad(host, "hello", 1);

        var id = await host.EnqueueAsync("exit", "7", "&max_attempts=3");
        var beside = await host.EnqueueAsync("note", """{"id":"beside","milliseconds":0}""", "&max_attempts=20");

        var task = await host.WaitForTaskAsync(id, "failed", 60);
        Assert.Equal(["worker_lost", "worker_lost", "worker_lost"], task.Outcomes());
        Assert.All(task.GetProperty("attempts").EnumerateArray(), attempt =>
            Assert.Equal(Lost, attempt.GetProperty("error").GetProperty("message").GetString()));
        Assert.Equal(Lost, task.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal("WORKER_CRASHED", task.GetProperty("error").GetProperty("code").GetString());
        await host.WaitForTaskAsync(beside, "completed", 60);
        await load.AssertNoFailureAsync();
    }

    [SkippableFact]
    public async Task Cancel_FunctionIgnoresItsToken_TaskIsCancelledAndTheWorkerReplaced()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var id = await host.EnqueueAsync("spin", "{}");
        var pid = await root.WaitForNumberAsync("faulty", "spin.started");

        var answer = await host.SendAsync(HttpMethod.Delete, $"/api/v1/tasks/{id}");

        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.ToString());
        var task = await host.WaitForTaskAsync(id, "cancelled");
        Assert.Single(task.Outcomes());
        await Eventually.BecomesAsync(
            () => !UnixProcess.IsAlive(pid), TimeSpan.FromSeconds(30), () => $"The worker {pid} still spins. {host.Output}");
        Assert.NotEqual(pid, await host.WorkerOfAsync("faulty"));
        (await host.SendAsync(HttpMethod.Delete, $"/api/v1/tasks/{id}")).AssertError(HttpStatusCode.Conflict, "CONFLICT");
    }

    [SkippableFact]
    public async Task Cancel_FunctionObeysItsToken_TaskIsCancelledAndTheWorkerStays()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var id = await host.EnqueueAsync("wait", """{"id":"a","milliseconds":60000}""");
        var pid = await root.WaitForNumberAsync("faulty", "a.started");

        Assert.Equal(HttpStatusCode.Accepted, (await host.SendAsync(HttpMethod.Delete, $"/api/v1/tasks/{id}")).Status);

        await root.WaitForMarkerAsync("faulty", "a.cleaned");
        await host.WaitForTaskAsync(id, "cancelled");
        Assert.Equal(pid, await host.WorkerOfAsync("faulty"));
    }

    [SkippableFact]
    public async Task Retry_TaskHasFailed_RunsAgainWithItsAttemptsBeforeStillListed()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var id = await host.EnqueueAsync("note", """{"id":"a","milliseconds":0,"failing":1}""", "&max_attempts=1");
        var failed = await host.WaitForTaskAsync(id, "failed");
        Assert.Equal("Attempt 1 at a is to fail.", failed.GetProperty("error").GetProperty("message").GetString());

        var answer = await host.SendAsync(HttpMethod.Post, $"/api/v1/tasks/{id}/retry");

        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.ToString());
        var task = await host.WaitForTaskAsync(id, "completed");
        Assert.Equal(["function_failed", "succeeded"], task.Outcomes());
        (await host.SendAsync(HttpMethod.Post, $"/api/v1/tasks/{id}/retry")).AssertError(HttpStatusCode.Conflict, "CONFLICT");
    }
}

using System.Net;
using CloudFunction.AspNetCore.Endpoints.Idempotency;
using CloudFunction.AspNetCore.Tests.Fakes;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Idempotency;

public sealed class KeyedInvocationTests
{
    private const string Tail = ",\"execution_time\":\"0.005s\",\"timestamp\":\"2026-01-31T08:15:30.123Z\"}";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new(FakeRuntime.Start);

    [Fact]
    public async Task Invoke_SameKeyAgain_IsAnsweredFromTheFirst()
    {
        await using var app = await StartAsync();
        app.Router.OnInvoke = static async (request, token) => new FakeResult([await ReadAsync(request, token), [], []]);

        using var first = await app.InvokeKeyedAsync("{\"a\":1}", "k1");
        using var second = await app.InvokeKeyedAsync("{\"a\":1}", "k1");

        var body = await first.Content.ReadAsStringAsync();
        Assert.Equal("{\"status\":\"success\",\"result\":{\"a\":1}" + Tail, body);
        Assert.Equal(body, await second.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal("application/json", second.Content.Headers.ContentType?.ToString());
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(["true"], second.Headers.GetValues("Idempotency-Replayed"));
        Assert.Equal(1, app.Router.Calls);
        AssertNothingIsHeld(app);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200_000)]
    public async Task Invoke_AnySize_IsAnsweredAsWithoutAKey(int size)
    {
        await using var app = await StartAsync();
        var payload = $"\"{new string('x', size)}\"";
        app.Router.OnInvoke = (_, _) => ValueTask.FromResult<InvocationResult>(new FakeResult(payload));

        using var plain = await app.InvokeAsync();
        using var keyed = await app.InvokeKeyedAsync("{}", "k1");

        Assert.Equal(await plain.Content.ReadAsStringAsync(), await keyed.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("FunctionFailed", 500)]
    [InlineData("InvalidPayload", 400)]
    public async Task Invoke_FunctionRanToAnEnd_IsStored(string outcome, int status)
    {
        await using var app = await StartAsync();
        app.Router.Answer(new FakeResult(Enum.Parse<InvocationOutcome>(outcome), exceptionType: "System.Exception", field: "$.a"));

        using var first = await app.InvokeKeyedAsync("{}", "k1");
        using var second = await app.InvokeKeyedAsync("{}", "k1");

        Assert.Equal((status, status), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(1, app.Router.Calls);
    }

    [Theory]
    [InlineData("TimedOut", "None", 504)]
    [InlineData("WorkerLost", "None", 502)]
    [InlineData("NotFound", "FunctionNotFound", 404)]
    [InlineData("Rejected", "QueueFull", 503)]
    [InlineData("Rejected", "ProjectStopped", 409)]
    public async Task Invoke_FunctionDidNotEnd_LeavesTheKeyFree(string outcome, string reason, int status)
    {
        await using var app = await StartAsync();
        app.Router.Answer(new FakeResult(Enum.Parse<InvocationOutcome>(outcome), Enum.Parse<RejectionReason>(reason)));

        using var first = await app.InvokeKeyedAsync("{}", "k1");
        app.Router.Answer(new FakeResult("1"));
        using var second = await app.InvokeKeyedAsync("{}", "k1");

        Assert.Equal((status, 200), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Equal(2, app.Router.Calls);
    }

    [Fact]
    public async Task Invoke_ResultBreaksOff_IsAnErrorAndLeavesTheKeyFree()
    {
        await using var app = await StartAsync();
        app.Router.Answer(new FakeResult([new byte[100], new byte[100]], breaksOff: true));

        using var response = await app.InvokeKeyedAsync("{}", "k1");

        await response.ShouldFailAsync(502, "WORKER_CRASHED");
        Assert.Equal(0, app.Idempotency.Count);
        AssertNothingIsHeld(app);
    }

    [Fact]
    public async Task Invoke_ResultBeyondTheLimit_IsNotHeld()
    {
        await using var app = await StartAsync(static options => options.MaxResponseBytes = 1024);
        app.Router.Answer(new FakeResult([new byte[1000], new byte[1000]]));

        using var response = await app.InvokeKeyedAsync("{}", "k1");

        await response.ShouldFailAsync(502, "WORKER_CRASHED");
    }

    [Fact]
    public async Task Invoke_SameKeyWithAnotherPayload_IsConflict()
    {
        await using var app = await StartAsync();

        using var first = await app.InvokeKeyedAsync("1", "k1");
        using var second = await app.InvokeKeyedAsync("2", "k1");
        using var other = await app.InvokeKeyedAsync("2", "k2");

        Assert.Equal("Idempotency-Key", (await second.ShouldFailAsync(409, "CONFLICT")).Field());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(2, app.Router.Calls);
    }

    [Fact]
    public async Task Invoke_KeyOfATask_IsConflict()
    {
        await using var app = await StartAsync();
        app.Idempotency.AddTask(IdempotencyKey.Of("hello", "greet", null, "k1", "{}"u8));

        using var response = await app.InvokeKeyedAsync("{}", "k1");

        await response.ShouldFailAsync(409, "CONFLICT");
        Assert.Equal(0, app.Router.Calls);
    }

    [Fact]
    public async Task Invoke_WhileTheFirstRuns_WaitsForItAndRunsOnce()
    {
        await using var app = await StartAsync();
        var (called, end) = Hold(app);

        var first = app.InvokeKeyedAsync("{}", "k1");
        await called.Task.WaitAsync(Bound);
        Task<HttpResponseMessage>[] later = [app.InvokeKeyedAsync("{}", "k1"), app.InvokeKeyedAsync("{}", "k1")];
        using (var other = await app.InvokeKeyedAsync("2", "k1"))
        {
            await other.ShouldFailAsync(409, "CONFLICT");
        }

        await UntilAsync(() => Held(app) == 3 * 2, () => $"{Held(app)} bytes are held");
        end.SetResult(new FakeResult("7"));

        using var answer = await first;
        Assert.False(answer.Headers.Contains("Idempotency-Replayed"));
        foreach (var call in later)
        {
            using var response = await call;
            Assert.Equal(await answer.Content.ReadAsStringAsync(), await response.Content.ReadAsStringAsync());
            Assert.Equal(["true"], response.Headers.GetValues("Idempotency-Replayed"));
        }

        Assert.Equal(1, app.Router.Calls);
    }

    [Fact]
    public async Task Invoke_TheFirstDidNotEnd_WhoWaitedRunsItself()
    {
        await using var app = await StartAsync();
        var (called, end) = Hold(app);

        var first = app.InvokeKeyedAsync("{}", "k1");
        await called.Task.WaitAsync(Bound);
        var second = app.InvokeKeyedAsync("{}", "k1");
        await UntilAsync(() => Held(app) == 2 * 2, () => $"{Held(app)} bytes are held");
        app.Router.Answer(new FakeResult("8"));
        end.SetResult(new FakeResult(InvocationOutcome.WorkerLost));

        using var lost = await first;
        using var answer = await second;
        await lost.ShouldFailAsync(502, "WORKER_CRASHED");
        Assert.Contains("\"result\":8", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Invoke_WaitsTooLong_Is504AndTheFirstRunsOn()
    {
        await using var app = await StartAsync();
        var (called, end) = Hold(app);

        var first = app.InvokeKeyedAsync("{}", "k1");
        await called.Task.WaitAsync(Bound);
        var second = app.InvokeKeyedAsync("{}", "k1", "?timeout=5");
        await UntilAsync(() => Held(app) == 2 * 2, () => $"{Held(app)} bytes are held");
        await UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1)); // Its limit counts from when it began to wait.
                return second.IsCompleted;
            },
            () => "the second call still waits");
        using var late = await second;
        Assert.Equal("Idempotency-Key", (await late.ShouldFailAsync(504, "TIMEOUT_ERROR")).Field());
        end.SetResult(new FakeResult("7"));
        using var answer = await first;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Invoke_ClientGone_RunsOnAndIsStored()
    {
        await using var app = await StartAsync();
        var (called, end) = Hold(app);
        var token = CancellationToken.None;
        var hold = app.Router.OnInvoke;
        app.Router.OnInvoke = (request, cancellation) =>
        {
            token = cancellation;
            return hold(request, cancellation);
        };
        using var client = new CancellationTokenSource();

        var first = app.InvokeKeyedAsync("{}", "k1", cancellationToken: client.Token);
        await called.Task.WaitAsync(Bound);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(token.CanBeCanceled);
        end.SetResult(new FakeResult("7"));

        using var again = await app.InvokeKeyedAsync("{}", "k1");
        Assert.Contains("\"result\":7", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, app.Router.Calls);
        await UntilAsync(() => Held(app) == 0, () => $"{Held(app)} bytes are held");
    }

    [Fact]
    public async Task Invoke_KeyRunsOnAnotherHost_WaitsAndIsAnsweredFromWhatThatCameTo()
    {
        await using var app = await StartAsync();
        using (await app.InvokeKeyedAsync("{}", "other"))
        {
            // Its outcome is what the other host will have stored.
        }

        app.Idempotency.RunElsewhere(KeyOf("k1"));
        var (first, second) = (app.InvokeKeyedAsync("{}", "k1"), app.InvokeKeyedAsync("{}", "k1"));
        await UntilAsync(() => WaitingOf(app) == 2, () => $"{WaitingOf(app)} wait");
        using var conflict = await app.InvokeKeyedAsync("[]", "k1");
        await conflict.ShouldFailAsync(409, "CONFLICT");

        app.Idempotency.EndElsewhere(KeyOf("k1"), app.Idempotency.OutcomeOf(KeyOf("other")));

        foreach (var waiting in new[] { first, second })
        {
            using var response = await waiting.WaitAsync(Bound);
            Assert.Equal((HttpStatusCode.OK, "true"), (response.StatusCode, Assert.Single(response.Headers.GetValues("Idempotency-Replayed"))));
        }

        Assert.Equal(1, app.Router.Calls);
    }

    [Fact]
    public async Task Invoke_KeyRunsOnAnotherHostAndComesToNothing_Runs()
    {
        await using var app = await StartAsync();
        app.Idempotency.RunElsewhere(KeyOf("k1"));
        var waiting = app.InvokeKeyedAsync("{}", "k1");
        await UntilAsync(() => app.Idempotency.Waits > 0, () => "it does not wait");

        app.Idempotency.EndElsewhere(KeyOf("k1"));

        using var response = await waiting.WaitAsync(Bound);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((1, 0, 1), (app.Router.Calls, app.Idempotency.Reserved, app.Idempotency.Count));
    }

    [Fact]
    public async Task Invoke_HostThatRunsItsKeyIsLost_AnswersThatAndTheKeyIsFree()
    {
        await using var app = await StartAsync();
        app.Idempotency.RunElsewhere(KeyOf("k1"));
        var (first, second) = (app.InvokeKeyedAsync("{}", "k1"), app.InvokeKeyedAsync("{}", "k1"));
        await UntilAsync(() => app.Idempotency.Waits > 0 && WaitingOf(app) == 2, () => $"{WaitingOf(app)} wait");

        app.Idempotency.EndElsewhere(KeyOf("k1"), isLost: true);

        foreach (var waiting in new[] { first, second })
        {
            using var lost = await waiting.WaitAsync(Bound);
            await lost.ShouldFailAsync(502, "WORKER_CRASHED");
        }

        Assert.Equal(0, app.Router.Calls);
        using var again = await app.InvokeKeyedAsync("{}", "k1");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Invoke_StoreCannotBeAsked_RunsNothing()
    {
        await using var app = await StartAsync();
        app.Idempotency.ReserveFailure = FakeIdempotency.Failed(TaskStoreFault.Busy);

        using var response = await app.InvokeKeyedAsync("{}", "k1");

        await response.ShouldFailAsync(503, "OVERLOADED");
        Assert.Equal(0, app.Router.Calls);
        AssertNothingIsHeld(app);
    }

    [Fact]
    public async Task Invoke_OutcomeCannotBeStored_IsAnsweredAllTheSame()
    {
        await using var app = await StartAsync();
        app.Idempotency.SaveFailure = FakeIdempotency.Failed(TaskStoreFault.Full);

        using var response = await app.InvokeKeyedAsync("{}", "k1");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("was not stored", Assert.Single(app.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_OutcomeOfALaterVersion_IsNotTakenForAnother()
    {
        await using var app = await StartAsync();
        await app.Idempotency.SaveAsync(KeyOf("k1"), StoreOwner.New(), new byte[] { 2, 0, 200, 0 }, null, default);

        using var response = await app.InvokeKeyedAsync("{}", "k1");

        await response.ShouldFailAsync(500, "INTERNAL_ERROR");
        Assert.Equal(0, app.Router.Calls);
    }

    private Task<TestApp> StartAsync(Action<CloudFunction.Runtime.Configuration.CloudFunctionOptions>? options = null) =>
        TestApp.StartAsync(options, builder => builder.Services.AddSingleton<TimeProvider>(_time));

    private static (TaskCompletionSource Called, TaskCompletionSource<InvocationResult> End) Hold(TestApp app)
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource<InvocationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Router.OnInvoke = async (_, _) =>
        {
            called.TrySetResult();
            return await end.Task;
        };
        return (called, end);
    }

    private static long Held(TestApp app) => app.App.Services.GetRequiredService<HostBodies>().Requests.Used;

    private static int WaitingOf(TestApp app) => app.App.Services.GetRequiredService<KeyedCalls>().Waiting;

    private static IdempotencyKey KeyOf(string key) => IdempotencyKey.Of("hello", "greet", null, key, "{}"u8);

    private static void AssertNothingIsHeld(TestApp app) =>
        Assert.Equal((0, 0, 0), (app.App.Services.GetRequiredService<KeyedCalls>().Count, WaitingOf(app), app.Idempotency.Reserved));

    private static async Task UntilAsync(Func<bool> condition, Func<string> state)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (!condition())
        {
            Assert.False(bound.IsCancellationRequested, state());
            await Task.Yield();
        }
    }

    private static async Task<byte[]> ReadAsync(InvocationRequest request, CancellationToken token)
    {
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy, token);
        return copy.ToArray();
    }
}

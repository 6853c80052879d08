using System.Security.Cryptography;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tests.Invocations;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Tasks;

public sealed class TaskOperationsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly RouterUnderTest _under = new();
    private readonly OneFunction _router = new();
    private readonly MemoryTaskStore _store;
    private readonly TaskOperations _tasks;

    public TaskOperationsTests()
    {
        _store = new MemoryTaskStore(_time);
        _tasks = new TaskOperations(_store, _router, maxAttempts: 3);
    }

    public void Dispose() => _under.Dispose();

    [Fact]
    public async Task EnqueueAsync_AllThatACallerCanAsk_IsStored()
    {
        var request = new TaskRequest("shop", "greet", "[1]"u8.ToArray())
        {
            MaxAttempts = 7,
            Timeout = TimeSpan.FromSeconds(4),
            Delay = TimeSpan.FromMinutes(2),
            CallbackUrl = "https://example.com/",
            Caller = "alice",
            TraceParent = "00-1",
            Schedule = "system_x",
        };

        var (rejection, result) = await _tasks.EnqueueAsync(request, default);

        var task = (await _store.GetAsync(result.Id!.Value, default))!;
        Assert.Null(rejection);
        Assert.Equal(
            new TaskTerms
            {
                MaxAttempts = 7,
                Timeout = TimeSpan.FromSeconds(4),
                Caller = "alice",
                TraceParent = "00-1",
                CallbackUrl = "https://example.com/",
                Schedule = "system_x",
            },
            task.Summary.Terms);
        Assert.Equal(_time.GetUtcNow().AddMinutes(2), task.Summary.DueAt);
        Assert.Equal("[1]"u8.ToArray(), (await task.Payload.ReadAllAsync(default)).ToArray());
    }

    [Theory]
    [InlineData(7, 5, 7)]
    [InlineData(null, 5, 5)]
    [InlineData(null, null, 3)]
    [InlineData(2, null, 2)]
    public void TryMake_Attempts_AreTheCallersElseTheFunctionsElseTheHosts(int? asked, int? ofFunction, int attempts)
    {
        _router.Route = RouteOf(FunctionKind.Unary, ofFunction);

        Assert.Null(_tasks.TryMake(new TaskRequest("shop", "greet", NewValue.Empty) { MaxAttempts = asked }, out var task));
        Assert.Equal(attempts, task!.Terms.MaxAttempts);
    }

    [Fact]
    public async Task EnqueueAsync_FunctionThatCannotBeQueued_IsRejectedAndNothingStored()
    {
        var request = new TaskRequest("shop", "greet", NewValue.Empty);
        _router.Route = RouteOf(FunctionKind.Http, null);
        Assert.Equal(RejectionReason.HttpFunction, (await _tasks.EnqueueAsync(request, default)).Rejection!.Reason);
        _router.Rejection = new Rejection(RejectionReason.FunctionNotFound, "There is none.");
        Assert.Same(_router.Rejection, (await _tasks.EnqueueAsync(request, default)).Rejection);

        Assert.Empty((await _tasks.ListAsync(new TaskQuery(), default)).Tasks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EnqueueAsync_IdempotencyKey_StandsForItsPayloadAndCaller(bool isHashed)
    {
        TaskRequest Request(string caller, byte[] payload) => new("shop", "greet", payload)
        {
            Caller = caller,
            IdempotencyKey = "k",
            PayloadHash = isHashed ? SHA256.HashData(payload) : null,
        };

        var first = (await _tasks.EnqueueAsync(Request("alice", [1]), default)).Result;

        Assert.Equal(EnqueueOutcome.Accepted, first.Outcome);
        Assert.Equal(new EnqueueResult(EnqueueOutcome.Duplicate, first.Id), (await _tasks.EnqueueAsync(Request("alice", [1]), default)).Result);
        Assert.Equal(EnqueueOutcome.Conflict, (await _tasks.EnqueueAsync(Request("alice", [2]), default)).Result.Outcome);
        Assert.Equal(EnqueueOutcome.Accepted, (await _tasks.EnqueueAsync(Request("bob", [2]), default)).Result.Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryMake_Anonymous_IsKept(bool isAnonymous)
    {
        _tasks.TryMake(new TaskRequest("shop", "greet", NewValue.Empty) { IsAnonymous = isAnonymous }, out var task);

        Assert.Equal(isAnonymous, task!.IsAnonymous);
    }

    private FunctionRoute RouteOf(FunctionKind kind, int? maxAttempts)
    {
        Assert.Null(_under.Router.Check("shop", "greet", out var route));
        return route! with { Target = route.Target with { Kind = kind, MaxAttempts = maxAttempts } };
    }

    /// <summary>A function that a test describes; nothing is called.</summary>
    private sealed class OneFunction : ITaskRouter
    {
        public Rejection? Rejection { get; set; }

        public FunctionRoute? Route { get; set; }

        public Rejection? Check(string project, string function, out FunctionRoute? route)
        {
            route = Route;
            return Rejection;
        }

        public bool TryReserve(string project, string function, Action onRoom, out FunctionRoute? route) => throw new NotSupportedException();

        public ValueTask<InvocationResult> InvokeReservedAsync(
            string project, string function, FunctionRoute route, in InvocationRequest request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}

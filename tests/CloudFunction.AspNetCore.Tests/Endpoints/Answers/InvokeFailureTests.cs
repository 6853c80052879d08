using CloudFunction.AspNetCore.Tests.Fakes;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Answers;

public sealed class InvokeFailureTests
{
    private const string InvocationId = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("FunctionFailed", "None", 500, "EXECUTION_ERROR", null)]
    [InlineData("InvalidPayload", "None", 400, "INVALID_PARAMETERS", null)]
    [InlineData("TimedOut", "None", 504, "TIMEOUT_ERROR", null)]
    [InlineData("WorkerLost", "None", 502, "WORKER_CRASHED", null)]
    [InlineData("ProtocolFailed", "None", 502, "WORKER_CRASHED", null)]
    [InlineData("NotFound", "ProjectNotFound", 404, "PROJECT_NOT_FOUND", null)]
    [InlineData("NotFound", "FunctionNotFound", 404, "FUNCTION_NOT_FOUND", null)]
    [InlineData("Rejected", "ProjectStopped", 409, "CONFLICT", null)]
    [InlineData("Rejected", "QueueFull", 503, "OVERLOADED", 1)]
    [InlineData("Rejected", "WaitTooLong", 503, "OVERLOADED", 1)]
    [InlineData("Rejected", "Starting", 503, "NOT_SERVING", 1)]
    [InlineData("Rejected", "Failed", 503, "NOT_SERVING", 10)]
    [InlineData("Rejected", "Unhealthy", 503, "NOT_SERVING", 10)]
    [InlineData("Rejected", "Draining", 503, "OVERLOADED", 5)]
    public async Task Invoke_Outcome_HasItsStatusAndCode(string outcome, string reason, int status, string code, int? retryAfter)
    {
        await using var app = await TestApp.StartAsync();
        var result = new FakeResult(Enum.Parse<InvocationOutcome>(outcome), Enum.Parse<RejectionReason>(reason));
        app.Router.Answer(result);

        using var response = await app.InvokeAsync();

        await response.ShouldFailAsync(status, code);
        Assert.Equal(retryAfter, (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.True(result.Disposed);
    }

    [Fact]
    public async Task Invoke_InvalidPayload_NamesTheJsonPath()
    {
        await using var app = await TestApp.StartAsync();
        app.Router.Answer(new FakeResult(InvocationOutcome.InvalidPayload, field: "$.items[2].name"));

        using var response = await app.InvokeAsync();

        Assert.Equal("$.items[2].name", (await response.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field());
    }

    [Fact]
    public async Task Invoke_FunctionFailed_NamesExceptionAndInvocation()
    {
        await using var app = await TestApp.StartAsync();
        app.Router.Answer(new FakeResult(InvocationOutcome.FunctionFailed, exceptionType: "System.InvalidOperationException"));

        using var response = await app.InvokeAsync();

        var details = await response.ShouldFailAsync(500, "EXECUTION_ERROR");
        Assert.Equal("System.InvalidOperationException", details.GetProperty("exception").GetString());
        Assert.Equal(InvocationId, details.GetProperty("invocation_id").GetString());
    }

    [Fact]
    public async Task Invoke_WorkerLost_NamesTheInvocation()
    {
        await using var app = await TestApp.StartAsync();
        app.Router.Answer(new FakeResult(InvocationOutcome.WorkerLost));

        using var response = await app.InvokeAsync();

        var details = await response.ShouldFailAsync(502, "WORKER_CRASHED");
        Assert.Equal(InvocationId, details.GetProperty("invocation_id").GetString());
    }
}

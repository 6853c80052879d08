using System.Net;
using System.Text;
using CloudFunction.AspNetCore.Tests.Fakes;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;
using Microsoft.AspNetCore.Builder;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Invoke;

public sealed class EnqueueEndpointTests
{
    private const string Accepted = $$"""{"status":"success","task_id":"{{FakeTasks.IdText}}","message":"The call is stored and will run."}""";

    [Fact]
    public async Task Invoke_ModeAsync_StoresTheCallAndNamesItsTask()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.InvokeAsync("{\"a\":1}", "?mode=async");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(Accepted, await response.Content.ReadAsStringAsync());
        Assert.Equal("/api/v1/tasks/" + FakeTasks.IdText, response.Headers.Location?.OriginalString);
        Assert.False(response.Headers.Contains("Preference-Applied"));
        Assert.False(response.Headers.Contains("Idempotency-Replayed"));
        var request = Assert.Single(app.Tasks.Requests);
        Assert.Equal(("hello", "greet", "{\"a\":1}"), (request.Project, request.Function, Encoding.UTF8.GetString(app.Tasks.Payloads[0])));
        Assert.Equal(
            (null, null, TimeSpan.Zero, null, null, null),
            ((int?)request.MaxAttempts, request.Timeout, request.Delay, request.CallbackUrl, request.IdempotencyKey, request.Caller));
        Assert.Equal(0, app.Router.Calls);
    }

    [Theory]
    [InlineData("respond-async")]
    [InlineData("Respond-Async; x=1")]
    [InlineData("return=minimal, respond-async, wait=10")]
    public async Task Invoke_PreferAsync_IsAppliedAndSaidSo(string prefer)
    {
        await using var app = await TestApp.StartAsync();
        app.Client.DefaultRequestHeaders.TryAddWithoutValidation("Prefer", prefer);

        using var response = await app.InvokeAsync();

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(["respond-async"], response.Headers.GetValues("Preference-Applied"));
    }

    [Fact]
    public async Task Invoke_PreferAsyncWithModeSync_RunsAtOnce()
    {
        await using var app = await TestApp.StartAsync();
        app.Client.DefaultRequestHeaders.Add("Prefer", "respond-async");

        using var response = await app.InvokeAsync(query: "?mode=sync");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(app.Tasks.Requests);
    }

    [Fact]
    public async Task Invoke_AllTerms_ReachTheTask()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.InvokeKeyedAsync(
            "{}", "k1", "?mode=async&timeout=2.5&max_attempts=7&delay=0.5&callback_url=https://example.com/done%3Ft=1");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var request = Assert.Single(app.Tasks.Requests);
        Assert.Equal(
            (7, TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(0.5), "https://example.com/done?t=1", "k1"),
            (request.MaxAttempts, request.Timeout, request.Delay, request.CallbackUrl, request.IdempotencyKey));
    }

    [Theory]
    [InlineData("https://functions.example.com", "https://functions.example.com/api/v1/tasks/")]
    [InlineData("https://example.com/functions/", "https://example.com/functions/api/v1/tasks/")]
    public async Task Location_ServerUrl_IsAbsolute(string serverUrl, string expected)
    {
        await using var app = await TestApp.StartAsync(options => options.ServerUrl = new Uri(serverUrl));

        using var response = await app.InvokeAsync(query: "?mode=async");

        Assert.Equal(expected + FakeTasks.IdText, response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Location_BelowAPrefix_KeepsIt()
    {
        await using var app = await TestApp.StartAsync(routes: static app => app.MapGroup("/prefix").MapCloudFunctions());

        using var response = await app.Client.PostAsync("/prefix" + TestApp.GreetPath + "?mode=async", null);

        Assert.Equal("/prefix/api/v1/tasks/" + FakeTasks.IdText, response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Invoke_KeyThatCameBefore_NamesTheSameTask()
    {
        await using var app = await TestApp.StartAsync();
        app.Tasks.Admission = new TaskAdmission(null, new EnqueueResult(EnqueueOutcome.Duplicate, FakeTasks.Id));

        using var response = await app.InvokeKeyedAsync("{}", "k1", "?mode=async");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Contains(FakeTasks.IdText, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["true"], response.Headers.GetValues("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Invoke_KeyOfAnotherPayload_IsConflict()
    {
        await using var app = await TestApp.StartAsync();
        app.Tasks.Admission = new TaskAdmission(null, new EnqueueResult(EnqueueOutcome.Conflict, null));

        using var response = await app.InvokeKeyedAsync("{}", "k1", "?mode=async");

        Assert.Equal("Idempotency-Key", (await response.ShouldFailAsync(409, "CONFLICT")).Field());
    }

    [Theory]
    [InlineData("ProjectNotFound", 404, "PROJECT_NOT_FOUND")]
    [InlineData("FunctionNotFound", 404, "FUNCTION_NOT_FOUND")]
    [InlineData("ProjectStopped", 409, "CONFLICT")]
    [InlineData("FunctionDisabled", 409, "CONFLICT")]
    public async Task Invoke_NotLetIn_IsAnsweredAsASynchronousCall(string reason, int status, string code)
    {
        await using var app = await TestApp.StartAsync();
        app.Tasks.Admission = new TaskAdmission(new Rejection(Enum.Parse<RejectionReason>(reason), "not let in"), default);

        using var response = await app.InvokeAsync(query: "?mode=async");

        await response.ShouldFailAsync(status, code);
    }

    [Theory]
    [InlineData("Full", "STORAGE_FULL")]
    [InlineData("Busy", "OVERLOADED")]
    [InlineData("Unavailable", "OVERLOADED")]
    [InlineData("Closed", "OVERLOADED")]
    public async Task Invoke_StoreCannotTakeIt_Is503AndTellsNoPath(string fault, string code)
    {
        await using var app = await TestApp.StartAsync();
        app.Tasks.Failure = FakeIdempotency.Failed(Enum.Parse<TaskStoreFault>(fault));

        using var response = await app.InvokeAsync(query: "?mode=async");

        await response.ShouldFailAsync(503, code);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("somewhere", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(app.Log.Lines);
    }

    [Theory]
    [InlineData("Corrupt")]
    [InlineData("Incompatible")]
    [InlineData("Failed")]
    public async Task Invoke_StoreNeedsAnOperator_Is500(string fault)
    {
        await using var app = await TestApp.StartAsync();
        app.Tasks.Failure = FakeIdempotency.Failed(Enum.Parse<TaskStoreFault>(fault));

        using var response = await app.InvokeAsync(query: "?mode=async");

        await response.ShouldFailAsync(500, "INTERNAL_ERROR");
        Assert.Single(app.Log.Lines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Invoke_PayloadTooLarge_Is413AndNothingIsStored(bool chunked)
    {
        await using var app = await TestApp.StartAsync(static options => options.MaxRequestBytes = 1024);
        using var request = new HttpRequestMessage(HttpMethod.Post, TestApp.GreetPath + "?mode=async")
        {
            Content = new StringContent(new string(' ', 1025), Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await app.Client.SendAsync(request);

        await response.ShouldFailAsync(413, "INVALID_PARAMETERS");
        Assert.Empty(app.Tasks.Requests);
    }
}

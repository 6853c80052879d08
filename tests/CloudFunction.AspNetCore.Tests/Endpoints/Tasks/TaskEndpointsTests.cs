using System.Net;
using System.Text;
using CloudFunction.AspNetCore.Tests.Fakes;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Tasks;

public sealed class TaskEndpointsTests
{
    private const string TaskPath = "/api/v1/tasks/" + FakeTasks.IdText;
    private const string OfFunction = "/api/v1/functions/hello/greet/tasks";

    // Written with ' for ", so that they can be read.
    private const string Names = "'task_id':'" + FakeTasks.IdText + "','project_name':'hello','function_name':'greet'";
    private const string Times = "'attempt_count':1,'max_attempts':3,'created_at':'2026-01-31T08:15:30.123Z','updated_at':'2026-01-31T09:15:30.123Z'";

    [Theory]
    [InlineData(TaskPath)]
    [InlineData(OfFunction + "/" + FakeTasks.IdText)]
    public async Task Get_FailedTask_ShowsAllThatIsKnown(string path)
    {
        await using var app = await TestApp.StartAsync();
        var error = new InvocationError("boom", "System.Exception", null);
        app.Tasks.Task = new FunctionTask(
            FakeTasks.Summary(FunctionTaskStatus.Failed, error) with
            {
                IsCancelRequested = true,
                Terms = new TaskTerms { MaxAttempts = 3, CallbackUrl = "https://example.com:8443/done?token=secret#x", Schedule = "system_nightly" },
            },
            "{\"a\": 1}"u8.ToArray(),
            null,
            [
                new TaskAttempt(
                    1,
                    FakeRuntime.Start,
                    FakeRuntime.Start.AddSeconds(1),
                    "w1",
                    "0123",
                    InvocationOutcome.WorkerLost,
                    new InvocationError("worker lost")),
                new TaskAttempt(2, FakeRuntime.Start, FakeRuntime.Start.AddSeconds(1), null, null, InvocationOutcome.FunctionFailed, error),
            ]);

        using var response = await app.Client.GetAsync(path);

        const string boom = "{'code':'EXECUTION_ERROR','message':'boom','exception':'System.Exception'}";
        const string expected = "{'status':'success','task':{" + Names + ",'payload':{'a': 1},'status':'failed','result':null,'error':" + boom
            + ",'attempts':["
            + "{'number':1,'started_at':'2026-01-31T08:15:30.123Z','ended_at':'2026-01-31T08:15:31.123Z','worker':'w1','outcome':'worker_lost',"
            + "'error':{'code':'WORKER_CRASHED','message':'worker lost'},'invocation_id':'0123'},"
            + "{'number':2,'started_at':'2026-01-31T08:15:30.123Z','ended_at':'2026-01-31T08:15:31.123Z','worker':null,"
            + "'outcome':'function_failed','error':" + boom + ",'invocation_id':null}],"
            + Times + ",'due_at':null,'callback_url':'https://example.com:8443/done','schedule':'system_nightly','cancel_requested':true}}";
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal(expected.Replace('\'', '"'), body);
        Assert.Equal(Encoding.UTF8.GetByteCount(body), response.Content.Headers.ContentLength);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData("[1]", "\"payload\":[1],\"status\"")]
    [InlineData("", "\"payload\":null,\"status\"")]
    [InlineData("no json", "\"payload\":\"no json\",\"payload_encoding\":\"text\",\"status\"")]
    [InlineData("{} {}", "\"payload\":\"{} {}\",\"payload_encoding\":\"text\",\"status\"")]
    [InlineData("\"\u00ff", "\"payload\":\"Iv8=\",\"payload_encoding\":\"base64\",\"status\"")]
    public async Task Get_Payload_IsShownAsWhatItIs(string payload, string expected)
    {
        await using var app = await TestApp.StartAsync();
        app.Tasks.Task = new FunctionTask(FakeTasks.Summary(), Encoding.Latin1.GetBytes(payload), null, []);

        var body = await app.Client.GetStringAsync(TaskPath);

        Assert.Contains(expected, body, StringComparison.Ordinal);
        Assert.Contains("\"due_at\":\"2026-01-31T10:15:30.123Z\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_DeepPayload_IsShownAsText()
    {
        await using var app = await TestApp.StartAsync();
        app.Tasks.Task = new FunctionTask(FakeTasks.Summary(), Encoding.ASCII.GetBytes(new string('[', 10_000) + new string(']', 10_000)), null, []);

        Assert.Contains("\"payload_encoding\":\"text\"", await app.Client.GetStringAsync(TaskPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_LargePayloadAndResult_ArriveWhole()
    {
        await using var app = await TestApp.StartAsync();
        var (payload, result) = ($"\"{new string('p', 200_000)}\"", $"\"{new string('r', 300_000)}\"");
        app.Tasks.Task = new FunctionTask(
            FakeTasks.Summary(FunctionTaskStatus.Completed), Encoding.ASCII.GetBytes(payload), Encoding.ASCII.GetBytes(result), []);

        Assert.Contains(
            $"\"payload\":{payload},\"status\":\"completed\",\"result\":{result},\"error\":null,",
            await app.Client.GetStringAsync(TaskPath),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/tasks/ffffffffffffffffffffffffffffffff")]
    [InlineData("GET", "/api/v1/tasks/nothing")]
    [InlineData("DELETE", "/api/v1/tasks/nothing")]
    [InlineData("POST", "/api/v1/tasks/nothing/retry")]
    [InlineData("GET", "/api/v1/functions/hello/other/tasks/" + FakeTasks.IdText)]
    [InlineData("GET", "/api/v1/functions/other/greet/tasks/" + FakeTasks.IdText)]
    [InlineData("DELETE", "/api/v1/functions/hello/other/tasks/" + FakeTasks.IdText)]
    public async Task Route_TaskThatIsNotThere_Is404(string method, string path)
    {
        await using var app = await TestApp.StartAsync();
        app.Tasks.Task = new FunctionTask(FakeTasks.Summary(), StoredValue.Empty, null, []);

        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await response.ShouldFailAsync(404, "TASK_NOT_FOUND");
        Assert.Empty(app.Tasks.Acts);
    }

    [Fact]
    public async Task List_Page_HasSummariesAndACursor()
    {
        await using var app = await TestApp.StartAsync();
        app.Tasks.Page = new TaskPage([FakeTasks.Summary(FunctionTaskStatus.Retrying, new InvocationError("boom"))], FakeTasks.Id);

        var body = await app.Client.GetStringAsync("/api/v1/tasks");

        const string expected = "{'status':'success','tasks':[{" + Names + ",'status':'retrying','error':{'message':'boom'}," + Times
            + ",'due_at':'2026-01-31T10:15:30.123Z','callback_url':null,'schedule':null,'cancel_requested':false}],'next_cursor':'" + FakeTasks.IdText
            + "'}";
        Assert.Equal(expected.Replace('\'', '"'), body);
        Assert.Equal(new TaskQuery(), app.Tasks.LastQuery);
    }

    [Fact]
    public async Task List_Filters_ReachTheStore()
    {
        await using var app = await TestApp.StartAsync();

        await app.Client.GetStringAsync($"/api/v1/tasks?project=hello&function=greet&status=failed&limit=1000&cursor={FakeTasks.IdText}");

        var expected =
            new TaskQuery { Project = "hello", Function = "greet", Status = FunctionTaskStatus.Failed, Limit = 1000, Before = FakeTasks.Id };
        Assert.Equal(expected, app.Tasks.LastQuery);
        await app.Client.GetStringAsync($"{OfFunction}?status=failed&limit=1000&cursor={FakeTasks.IdText}");
        Assert.Equal(expected, app.Tasks.LastQuery);
    }

    [Theory]
    [InlineData("/api/v1/tasks?project=Hello", "project")]
    [InlineData("/api/v1/tasks?function=", "function")]
    [InlineData("/api/v1/tasks?status=done", "status")]
    [InlineData("/api/v1/tasks?status=1", "status")]
    [InlineData("/api/v1/tasks?status=failed&status=created", "status")]
    [InlineData("/api/v1/tasks?limit=0", "limit")]
    [InlineData("/api/v1/tasks?limit=1001", "limit")]
    [InlineData("/api/v1/tasks?limit=+1", "limit")]
    [InlineData("/api/v1/tasks?cursor=1", "cursor")]
    [InlineData("/api/v1/tasks?state=failed", "state")]
    [InlineData(OfFunction + "?project=hello", "project")]
    [InlineData("/api/v1/functions/hello/Greet/tasks", "function")]
    public async Task List_WrongQuery_IsRefusedByItsName(string path, string field)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.Client.GetAsync(path);

        Assert.Equal(field, (await response.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field());
        Assert.Null(app.Tasks.LastQuery);
    }

    [Theory]
    [InlineData(TaskPath, "Cancelled", 200)]
    [InlineData(TaskPath, "Requested", 202)]
    [InlineData(OfFunction + "/" + FakeTasks.IdText, "Cancelled", 200)]
    public async Task Cancel_Task_IsDoneOrAskedFor(string path, string outcome, int status)
    {
        await using var app = await TestApp.StartAsync();
        app.Tasks.Task = new FunctionTask(FakeTasks.Summary(), StoredValue.Empty, null, []);
        app.Tasks.Cancel = Enum.Parse<CancelOutcome>(outcome);

        using var response = await app.Client.DeleteAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(["cancel " + FakeTasks.IdText], app.Tasks.Acts);
    }

    [Fact]
    public async Task Cancel_FinishedTask_IsConflict()
    {
        await using var app = await TestApp.StartAsync();
        app.Tasks.Cancel = CancelOutcome.Finished;

        using var response = await app.Client.DeleteAsync(TaskPath);

        await response.ShouldFailAsync(409, "CONFLICT");
    }

    [Theory]
    [InlineData("Queued", 202, null)]
    [InlineData("NotFailed", 409, "CONFLICT")]
    [InlineData("NotFound", 404, "TASK_NOT_FOUND")]
    public async Task Retry_Task_RunsAgainWhereItFailed(string outcome, int status, string? code)
    {
        await using var app = await TestApp.StartAsync();
        app.Tasks.Rerun = Enum.Parse<RerunOutcome>(outcome);

        using var response = await app.Client.PostAsync(TaskPath + "/retry", null);

        Assert.Equal(status, (int)response.StatusCode);
        if (code is not null)
        {
            await response.ShouldFailAsync(status, code);
        }
    }

    [Theory]
    [InlineData("GET", TaskPath, 404)]
    [InlineData("GET", OfFunction + "/" + FakeTasks.IdText, 404)]
    [InlineData("DELETE", TaskPath, 401)]
    [InlineData("DELETE", OfFunction + "/" + FakeTasks.IdText, 401)]
    [InlineData("POST", TaskPath + "/retry", 401)]
    [InlineData("GET", "/api/v1/tasks", 401)]
    [InlineData("GET", OfFunction, 401)]
    public async Task Route_WithoutTheAdminKey_OnlyReadsByTheId(string method, string path, int status)
    {
        await using var app = await TestApp.StartAsync(static options => options.AdminKey = "key");

        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Empty(app.Tasks.Acts);
    }

    [Theory]
    [InlineData("PUT", TaskPath, "GET, HEAD, DELETE")]
    [InlineData("POST", OfFunction + "/" + FakeTasks.IdText, "GET, HEAD, DELETE")]
    [InlineData("POST", "/api/v1/tasks", "GET, HEAD")]
    [InlineData("GET", TaskPath + "/retry", "POST")]
    public async Task Route_WrongMethod_Is405WithAllow(string method, string path, string allow)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await response.ShouldFailAsync(405, "INVALID_PARAMETERS");
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using CloudFunction.AspNetCore.Tests.Fakes;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Schedules;

public sealed class ScheduleEndpointsTests
{
    private const string Path = "/api/v1/schedules";
    private const string Good = """{"name": "weekly", "project": "shop", "function": "report", "args": {"a": 1}, "schedule": """
        + """{"day_of_week": "mon", "hour": 8}, "timezone": "Europe/Berlin"}""";

    [Fact]
    public async Task Post_IsGood_AnswersWithItAndWhereItIs()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await PostAsync(app, Path, Good);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/api/v1/schedules/project_shop_weekly", response.Headers.Location!.OriginalString);
        var schedule = (await ReadAsync(response)).GetProperty("schedule");
        Assert.Equal(
            """{"id":"project_shop_weekly","name":"weekly","type":"project","project":"shop","function":"report","args":{"a": """
            + """1},"schedule":{"type":"cron","day_of_week":"mon","hour":"8"}"""
            + ""","timezone":"Europe/Berlin","misfire":"once","overlap":"skip","enabled":true"""
            + ""","source":"api","status":"active","next_run":"2026-01-02T03:04:05.000Z","last_runs":[]}""",
            schedule.GetRawText().Replace(FakeNext(schedule), "2026-01-02T03:04:05.000Z", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_TheTimeStandsInsideAsInTheFile_IsTheSame()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await PostAsync(
            app, Path, """{"name": "weekly", "project": "shop", "function": "report", "schedule": {"cron": "0 8 * * """
                + """1", "timezone": "Asia/Shanghai", "overlap": "queue", "enabled": false}}""");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var definition = Assert.Single(app.Schedules.Infos).Definition;
        Assert.Equal(
            ("0 8 * * 1", "Asia/Shanghai", OverlapPolicy.Queue, false),
            (definition.Timing.Cron, definition.Timing.TimeZone, definition.Overlap, definition.IsEnabled));
        Assert.Equal("{}", Encoding.UTF8.GetString(definition.Target.Payload.Span));
    }

    [Fact]
    public async Task Post_NamesNoTimeZone_HasTheHosts()
    {
        await using var app = await TestApp.StartAsync(options: static options => options.SchedulerTimeZone = "America/New_York");

        using var response = await PostAsync(app, Path, """{"name": "a", "project": "shop", "function": "report", "cron": "0 8 * * 1"}""");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("America/New_York", Assert.Single(app.Schedules.Infos).Definition.Timing.TimeZone);
    }

    [Theory]
    [InlineData("""{"project": "shop", "function": "report", "cron": "0 8 * * 1"}""", "name", "It must be there.")]
    [InlineData("""{"name": "a", "project": "Shop!", "function": "report", "cron": "0 8 * * 1"}""", "project", "'Shop!' must be")]
    [InlineData("""{"name": "a", "project": "shop", "function": "report"}""", "schedule", "It does not define when it is due")]
    [InlineData(
        """{"name": "a", "project": "shop", "function": "report", "cron": "0 8 * * 1", "schedule": {"hour": 1}}""", "schedule",
        "It has both cron and schedule")]
    [InlineData(
        """{"name": "a", "project": "shop", "function": "report", "timezone": "UTC", "schedule": {"hour": 1, "timezone": "Asia/Shanghai"}}""",
        "schedule.timezone", "it is beside schedule too")]
    [InlineData("""{"name": "a", "project": "shop", "function": "report", "cron": "61 * * * *"}""", "cron", "is not a cron expression")]
    [InlineData(
        """{"name": "a", "project": "shop", "function": "report", "schedule": {"hour": 25}}""", "schedule.hour", "the hour goes from 0 to 23")]
    [InlineData(
        """{"name": "a", "project": "shop", "function": "report", "schedule": {"hour": 1.5}}""", "schedule.hour", "a whole number or a string")]
    [InlineData("""{"name": "a", "project": "shop", "function": "report", "schedule": {"hours": 1}}""", "schedule.hours", "is not a field of a time")]
    [InlineData("""{"name": "a", "project": "shop", "function": "report", "cron": "0 8 * * 1", "timezone": "Mars"}""", "timezone", "not a time zone")]
    [InlineData(
        """{"name": "a", "project": "shop", "function": "report", "cron": "0 8 * * 1", "misfire": "x"}""", "misfire", "not one of once, skip, all")]
    [InlineData("""{"name": "a", "project": "shop", "function": "report", "cron": "0 8 * * 1", "overlap": 1}""", "overlap", "must be a string")]
    [InlineData(
        """{"name": "a", "project": "shop", "function": "report", "cron": "0 8 * * 1", "enabled": "yes"}""", "enabled", "must be true or false")]
    [InlineData(
        """{"name": "a", "project": "shop", "function": "report", "cron": "0 8 * * 1", "type": "system"}""", "type", "in the schedule file alone")]
    [InlineData(
        """{"name": "a", "project": "shop", "function": "report", "crom": "0 8 * * 1", "cron": "0 8 * * 1"}""", "crom",
        "It is unknown; there are name, type")]
    public async Task Post_IsWrong_SaysWhereAndKeepsNothing(string body, string field, string reason)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await PostAsync(app, Path, body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var error = await response.Content.ReadAsStringAsync();
        Assert.Contains("INVALID_PARAMETERS", error, StringComparison.Ordinal);
        Assert.Contains($"\"field\":\"{field}\"", error, StringComparison.Ordinal);
        Assert.Contains(
            reason,
            JsonSerializer.Serialize(JsonElement.Parse(error), JsonSerializerOptions.Web).Replace("\\u0027", "'", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Empty(app.Schedules.Infos);
    }

    [Theory]
    [InlineData("args", """[{"a": 1, "a": 2}]""")]
    [InlineData("args", """{"a": {"b": 1, "b": 1}}""")]
    [InlineData("args", """{"a": ["\ud83d"]}""")]
    [InlineData("args", """{"\ud83d": 1}""")]
    [InlineData("args", """[1e999]""")]
    [InlineData("schedule", """{"\ud83d": 1}""")]
    [InlineData("schedule", """{"hour": 1, "hour": 2}""")]
    public async Task Post_PartCannotBeRead_IsRefused(string field, string value)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await PostAsync(app, Path, $$"""{"name": "a", "project": "shop", "function": "report", "{{field}}": {{value}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"\"field\":\"{field}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(app.Schedules.Infos);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Post_IsNoObject_Is400(string body)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await PostAsync(app, Path, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Post_FunctionIsNotThere_Is404()
    {
        await using var app = await TestApp.StartAsync();
        app.Schedules.Refused = new ScheduleChange(null, ScheduleRefusal.NotFound, "No.")
        {
            Rejection = new Rejection(RejectionReason.FunctionNotFound, "No."),
        };

        using var response = await PostAsync(app, Path, Good);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("FUNCTION_NOT_FOUND", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/pause", "pause")]
    [InlineData("POST", "/resume", "resume")]
    [InlineData("POST", "/run", "run")]
    [InlineData("DELETE", "", "delete")]
    public async Task Change_IsThereNotThereOrRefused_IsDoneOrSaysWhy(string method, string suffix, string act)
    {
        await using var app = await TestApp.StartAsync();
        using var added = await PostAsync(app, Path, Good);
        app.Schedules.Run = new ScheduleRun(FakeRuntime.Start, ScheduleRunOutcome.Started, FakeTasks.Id, null, true);

        using var done = await SendAsync(app, method, $"{Path}/project_shop_weekly{suffix}");
        using var missing = await SendAsync(app, method, $"{Path}/other{suffix}");
        app.Schedules.Refused = new ScheduleChange(null, ScheduleRefusal.Conflict, "It is written in the file.");
        using var refused = await SendAsync(app, method, $"{Path}/project_shop_weekly{suffix}");

        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Equal(FakeTasks.IdText, (await ReadAsync(done)).GetProperty("task_id").GetString());
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("SCHEDULE_NOT_FOUND", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("It is written in the file.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal([$"{act} project_shop_weekly", $"{act} other", $"{act} project_shop_weekly"], app.Schedules.Acts);
    }

    [Fact]
    public async Task Get_ListsAndFindsThem()
    {
        await using var app = await TestApp.StartAsync();
        using var added = await PostAsync(app, Path, Good);

        using var all = await app.Client.GetAsync(Path);
        using var ofOther = await app.Client.GetAsync(Path + "?project=other");
        using var one = await app.Client.GetAsync(Path + "/project_shop_weekly");
        using var missing = await app.Client.GetAsync(Path + "/other");

        Assert.Equal(1, (await ReadAsync(all)).GetProperty("schedules").GetArrayLength());
        Assert.Equal(0, (await ReadAsync(ofOther)).GetProperty("schedules").GetArrayLength());
        Assert.Equal("weekly", (await ReadAsync(one)).GetProperty("schedule").GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private static string FakeNext(JsonElement schedule) => schedule.GetProperty("next_run").GetString()!;

    private static Task<HttpResponseMessage> PostAsync(TestApp app, string path, string body) =>
        app.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

    private static Task<HttpResponseMessage> SendAsync(TestApp app, string method, string path) =>
        app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsByteArrayAsync());
}

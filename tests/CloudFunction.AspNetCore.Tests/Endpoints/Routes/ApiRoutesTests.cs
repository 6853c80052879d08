using System.Net;
using CloudFunction.AspNetCore.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Routes;

public sealed class ApiRoutesTests
{
    private const string Now = "2026-01-31T08:15:30.123Z";

    // Written with ' for ", so that they can be read.
    private const string Worker = "'state':'ready','version':3,'in_flight':2,'memory_bytes':1024,'started_at':'2026-01-31T08:15:30.123Z'}";
    private const string Times = "'created_at':'2026-01-31T08:15:30.123Z','updated_at':'2026-01-31T09:15:30.123Z'}";
    private const string Greet = "{'name':'greet','description':'问候 \\'by\\' name',";
    private const string Functions = "'functions':[" + Greet + "'status':'active','last_executed':'2026-01-31T10:15:30.123Z'},"
        + "{'name':'wait','description':null,'status':'disabled','last_executed':null}]";

    private const string Healthy = "{'status':'healthy','version':'1.2.3','timestamp':'2026-01-31T08:15:30.123Z'}";

    [Theory]
    [InlineData("/", "{'service':'CloudFunction','version':'1.2.3','status':'running'}")]
    [InlineData("/health", Healthy)]
    [InlineData("/health/live", Healthy)]
    [InlineData("/health/ready", Healthy)]
    [InlineData("/status", "{'status':'running','uptime':'2h 30m','active_projects':1,'total_functions':2,'memory_usage':'256MB',"
        + "'workers':[{'id':'w1','pid':42,'project':'hello'," + Worker + "]}")]
    [InlineData("/api/v1/projects", "{'status':'success','data':[{'name':'hello','status':'running','version':3,"
        + "'functions':['greet','wait']," + Times + "]}")]
    [InlineData("/api/v1/projects/hello", "{'status':'success','data':{'name':'hello','status':'running','version':3," + Functions
        + ",'env':{'SECRET':'***','MODE':'***'},'dependencies':['Polly==8.6.0'],"
        + "'workers':[{'id':'w1','pid':42," + Worker + "],'last_error':null," + Times + "}")]
    [InlineData(
        "/api/v1/projects/hello/versions",
        "{'status':'success','versions':[{'version':4,'created_at':'2026-01-31T09:15:30.123Z','active':true,'weight':90,'functions':['greet'],"
        + "'source':'upload'},{'version':3,'created_at':'2026-01-31T08:15:30.123Z','active':false,'weight':10,'functions':[],'source':'folder'}]}")]
    [InlineData("/api/v1/projects/hello/env", "{'status':'success','data':{'SECRET':'***','MODE':'***'}}")]
    [InlineData("/api/v1/projects/hello/dependencies", "{'status':'success','data':['Polly==8.6.0']}")]
    [InlineData("/api/v1/dependencies/system", "{'status':'success','data':['Dapper>=2.1']}")]
    [InlineData("/api/v1/functions/hello", "{'status':'success'," + Functions + "}")]
    [InlineData("/api/v1/functions/hello/greet", "{'status':'success','function':" + Greet + "'parameters':{'type':'object'},'response':null,"
        + "'status':'active','created_at':'2026-01-31T08:15:30.123Z','updated_at':'2026-01-31T09:15:30.123Z',"
        + "'last_executed':'2026-01-31T10:15:30.123Z','execution_count':7}}")]
    public async Task Get_Route_AnswersAsTheContractSays(string path, string expected)
    {
        await using var app = await StartAsync();

        using var response = await app.Client.GetAsync(path);

        Assert.Equal(expected.Replace('\'', '"'), await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData("/health", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/health/ready", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/health/live", HttpStatusCode.OK)]
    public async Task Health_Unready_Is503WithReasonsButAlive(string path, HttpStatusCode status)
    {
        await using var app = await StartAsync();
        app.Runtime.UnreadyReasons.Add("still starting");

        using var response = await app.Client.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync();
        var unhealthy = $$"""{"status":"unhealthy","version":"1.2.3","timestamp":"{{Now}}","reasons":["still starting"]}""";
        Assert.Equal(status == HttpStatusCode.OK ? Healthy.Replace('\'', '"') : unhealthy, body);
    }

    [Theory]
    [InlineData("start", "started", "start_time")]
    [InlineData("stop", "stopped", "stop_time")]
    [InlineData("restart", "restarted", "start_time")]
    public async Task Act_KnownProject_IsDoneAndSaid(string act, string done, string timeName)
    {
        await using var app = await StartAsync();

        using var response = await app.Client.PostAsync($"/api/v1/projects/hello/{act}", null);

        Assert.Equal(
            $$$"""{"status":"success","message":"The project 'hello' was """
            + $$$"""{{{done}}}.","project":{"name":"hello","status":"running","{{{timeName}}}":"{{{Now}}}"}}""",
            await response.Content.ReadAsStringAsync());
        Assert.Equal([$"{act} hello"], app.Operations.Acts);
    }

    [Theory]
    [InlineData("GET", "/api/v1/projects/nobody", "PROJECT_NOT_FOUND")]
    [InlineData("POST", "/api/v1/projects/nobody/stop", "PROJECT_NOT_FOUND")]
    [InlineData("DELETE", "/api/v1/projects/nobody", "PROJECT_NOT_FOUND")]
    [InlineData("GET", "/api/v1/projects/nobody/versions", "PROJECT_NOT_FOUND")]
    [InlineData("GET", "/api/v1/projects/nobody/env", "PROJECT_NOT_FOUND")]
    [InlineData("GET", "/api/v1/projects/nobody/dependencies", "PROJECT_NOT_FOUND")]
    [InlineData("POST", "/api/v1/projects/nobody/rollback", "PROJECT_NOT_FOUND")]
    [InlineData("GET", "/api/v1/functions/hello/deploy", "FUNCTION_NOT_FOUND")]
    [InlineData("GET", "/api/v1/functions/nobody", "PROJECT_NOT_FOUND")]
    [InlineData("GET", "/api/v1/functions/nobody/greet", "PROJECT_NOT_FOUND")]
    [InlineData("GET", "/api/v1/functions/hello/nothing", "FUNCTION_NOT_FOUND")]
    [InlineData("GET", "/api/v1/functions/hello/greet/nothing", "NOT_FOUND")]
    [InlineData("POST", "/api/v1/projects/hello/nothing", "NOT_FOUND")]
    public async Task Route_UnknownName_Is404(string method, string path, string code)
    {
        await using var app = await StartAsync();

        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await response.ShouldFailAsync(404, code);
    }

    [Theory]
    [InlineData("GET", TestApp.GreetPath, "POST")]
    [InlineData("PUT", TestApp.GreetPath, "POST")]
    [InlineData("GET", "/api/v1/projects/hello/stop", "POST")]
    [InlineData("POST", "/api/v1/projects", "GET, HEAD")]
    [InlineData("POST", "/api/v1/projects/hello", "GET, HEAD, DELETE")]
    [InlineData("POST", "/api/v1/functions/hello/greet", "GET, HEAD, DELETE")]
    [InlineData("PUT", "/api/v1/functions/hello/deploy", "GET, HEAD, DELETE")]
    [InlineData("DELETE", "/api/v1/projects/hello/env", "GET, HEAD, PUT")]
    [InlineData("POST", "/api/v1/env/system", "GET, HEAD, PUT")]
    [InlineData("GET", "/api/v1/projects/hello/deploy", "POST")]
    [InlineData("GET", "/api/v1/projects/hello/traffic", "PUT")]
    [InlineData("DELETE", "/api/v1/projects/hello/versions", "GET, HEAD")]
    [InlineData("DELETE", "/health", "GET, HEAD")]
    [InlineData("POST", "/", "GET, HEAD")]
    public async Task Route_WrongMethod_Is405WithAllow(string method, string path, string allow)
    {
        await using var app = await StartAsync();

        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal("method", (await response.ShouldFailAsync(405, "INVALID_PARAMETERS")).Field());
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
        Assert.Empty(app.Operations.Acts);
        Assert.Equal(0, app.Router.Calls);
    }

    [Fact]
    public async Task Health_Head_AnswersWithoutABody()
    {
        await using var app = await StartAsync();

        using var response = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/health"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Route_RuntimeThrows_IsInternalErrorAndLogged()
    {
        await using var app = await StartAsync();
        app.Runtime.Failure = new InvalidOperationException("secret cause");

        using var response = await app.Client.GetAsync("/api/v1/projects");

        await response.ShouldFailAsync(500, "INTERNAL_ERROR");
        Assert.DoesNotContain("secret cause", await response.Content.ReadAsStringAsync());
        Assert.Single(app.Log.Lines);
    }

    private static Task<TestApp> StartAsync() => TestApp.StartAsync(services: static builder =>
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(FakeRuntime.Start)));
}

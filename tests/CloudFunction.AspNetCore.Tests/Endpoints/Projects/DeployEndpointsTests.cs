using System.Net;
using System.Text;
using CloudFunction.AspNetCore.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Projects;

public sealed class DeployEndpointsTests
{
    // Written with ' for ", so that they can be read.
    private const string Deployed = "'version':4,'functions':['greet','wait'],'changes':{'added':['greet'],'removed':['old'],'kept':['wait']},"
        + "'timings':{'build':'0.512s','load':'0.080s','swap':'0.000s'}";

    private const string Versions = "{'status':'success','versions':[{'version':4,'created_at':'2026-01-31T09:15:30.123Z','active':true,'weight':90,"
        + "'functions':['greet'],"
        + "'source':'upload'},{'version':3,'created_at':'2026-01-31T08:15:30.123Z','active':false,'weight':10,'functions':[],'source':'folder'}]}";

    [Theory]
    [InlineData("POST", "/api/v1/projects/hello/deploy", null, "deploy hello", "{'status':'success','message':'The project ~hello~ "
        + "serves version 4.'," + Deployed + "}")]
    [InlineData("POST", "/api/v1/projects/hello/rollback", null, "rollback hello", "{'status':'success','message':'The project ~hello~ serves "
        + "version 4 again.'," + Deployed + "}")]
    [InlineData("POST", "/api/v1/projects/hello/rollback", "{}", "rollback hello", "{'status':'success','message':'The project ~hello~ serves "
        + "version 4 again.'," + Deployed + "}")]
    [InlineData("POST", "/api/v1/projects/hello/rollback", "{'version':3}", "rollback 3 hello", "{'status':'success','message':'The project ~hello~ "
        + "serves version 4 again.'," + Deployed + "}")]
    [InlineData("PUT", "/api/v1/projects/hello/traffic", "{'4':90,'3':10}", "traffic hello", Versions)]
    [InlineData("PUT", "/api/v1/projects/hello/env", "{'A':'1','B':null}", "env hello", "{'status':'success','data':{'A':'***','B':'***'}}")]
    [InlineData("DELETE", "/api/v1/projects/hello", null, "delete hello", "{'status':'success','message':'The project ~hello~ was deleted.'}")]
    [InlineData("DELETE", "/api/v1/functions/hello/greet", null, "delete greet hello", "{'status':'success','message':'The function ~greet~ was "
        + "removed from the project ~hello~, which serves version 4.'," + Deployed + "}")]
    [InlineData(
        "DELETE", "/api/v1/functions/hello/wait", null, "delete wait hello",
        "{'status':'success','message':'The function ~wait~ of the project ~hello~ was disabled: it has no file of its own. Its own deploy route "
        + "enables it.','function':{'name':'wait','project':'hello','status':'disabled'}}")]
    [InlineData("POST", "/api/v1/functions/hello/greet/deploy", null, "redeploy greet hello", "{'status':'success','message':'The function ~greet~ "
        + "of the project ~hello~ serves, in version 4.'," + Deployed + ",'function':{'name':'greet','project':'hello','status':'active',"
        + "'deployed_at':'2026-01-31T08:15:30.123Z'}}")]
    public async Task Route_Operation_IsDoneAndAnsweredAsTheContractSays(string method, string path, string? body, string act, string expected)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body.Replace('\'', '"'), Encoding.UTF8, "application/json");

        using var response = await app.Client.SendAsync(request);

        Assert.Equal(expected.Replace('\'', '"').Replace('~', '\''), await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([act], app.Operations.Acts);
    }

    [Fact]
    public async Task SetTraffic_Weights_ReachTheOperation()
    {
        await using var app = await StartAsync();

        using var response = await app.Client.PutAsync(
            "/api/v1/projects/hello/traffic", new StringContent("""{"4":90,"3":10}""", Encoding.UTF8, "application/json"));

        Assert.Equal(new Dictionary<int, int> { [4] = 90, [3] = 10 }, app.Operations.Weights);
    }

    /// <summary>The operation goes on; only the waiting ends.</summary>
    [Fact]
    public async Task Deploy_ClientGone_FiresTheTokenAndLogsNothing()
    {
        await using var app = await StartAsync();
        var called = new TaskCompletionSource();
        var fired = new TaskCompletionSource();
        app.Operations.OnDeploy = async token =>
        {
            using var registration = token.Register(fired.SetResult);
            called.SetResult();
            await fired.Task;
            token.ThrowIfCancellationRequested();
        };
        using var client = new CancellationTokenSource();

        var call = app.Client.PostAsync("/api/v1/projects/hello/deploy", null, client.Token);
        await called.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(app.Log.Lines);
    }

    [Theory]
    [InlineData("POST", "/api/v1/projects/Hello/deploy")]
    [InlineData("POST", "/api/v1/projects/con/rollback")]
    [InlineData("PUT", "/api/v1/projects/a.b/traffic")]
    [InlineData("GET", "/api/v1/projects/a.b/versions")]
    [InlineData("GET", "/api/v1/projects/a.b/env")]
    [InlineData("PUT", "/api/v1/projects/a.b/env")]
    [InlineData("GET", "/api/v1/projects/a.b/dependencies")]
    [InlineData("DELETE", "/api/v1/projects/a.b")]
    [InlineData("DELETE", "/api/v1/functions/hello/Greet")]
    [InlineData("DELETE", "/api/v1/functions/Hello/greet")]
    [InlineData("POST", "/api/v1/functions/Hello/deploy")]
    [InlineData("POST", "/api/v1/functions/hello/Greet/deploy")]
    public async Task Route_BadName_Is400BeforeAnythingElse(string method, string path)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("x", Encoding.UTF8, "text/plain") };

        using var response = await app.Client.SendAsync(request);

        Assert.True((await response.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field() is "project" or "function");
        Assert.Empty(app.Operations.Acts);
    }

    private static Task<TestApp> StartAsync() => TestApp.StartAsync(services: static builder =>
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(FakeRuntime.Start)));
}

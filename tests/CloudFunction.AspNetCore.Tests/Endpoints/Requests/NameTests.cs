using Microsoft.AspNetCore.Builder;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Requests;

public sealed class NameTests
{
    public static TheoryData<string> BadNames =>
    [
        "..%2F", "%252F", "%252e%252e", "%5C", "%5C..", "a%5Cb", "%2e%2e", "%2E%2e", ".%2e", "..", ".", "%2e", "CON", "con", "lpt1", "Hello", "a.b",
        "-a", "%20", "a%20",
        "%E2%80%8Fa", "%E2%80%AEa", "a;b", "hello%0a", new string('a', 300),
    ];

    [Theory]
    [MemberData(nameof(BadNames))]
    public Task Invoke_BadProjectName_Is400(string name) => RefusedAsync($"POST /api/v1/functions/{name}/greet/invoke");

    [Theory]
    [MemberData(nameof(BadNames))]
    public Task Invoke_BadFunctionName_Is400(string name) => RefusedAsync($"POST /api/v1/functions/hello/{name}/invoke");

    [Theory]
    [MemberData(nameof(BadNames))]
    public Task GetProject_BadName_Is400(string name) => RefusedAsync($"GET /api/v1/projects/{name}");

    [Theory]
    [MemberData(nameof(BadNames))]
    public Task StopProject_BadName_Is400(string name) => RefusedAsync($"POST /api/v1/projects/{name}/stop");

    [Theory]
    [MemberData(nameof(BadNames))]
    public Task GetFunction_BadName_Is400(string name) => RefusedAsync($"GET /api/v1/functions/hello/{name}");

    [Theory]
    [InlineData("POST /api/v1/functions//greet/invoke")]
    [InlineData("POST /api/v1/functions/hello//invoke")]
    [InlineData("POST /api/v1/projects//stop")]
    public Task Route_EmptyName_Is400(string request) => RefusedAsync(request);

    [Fact]
    public async Task Invoke_NulInTheName_Is400OfTheServersOwn()
    {
        await using var app = await TestApp.StartAsync();

        Assert.StartsWith("HTTP/1.1 400 ", await app.SendRawAsync("POST /api/v1/functions/a%00/greet/invoke HTTP/1.1\r\nHost: localhost"));
        Assert.Equal(0, app.Router.Calls);
    }

    [Fact]
    public async Task Invoke_DotSegmentsThatLeadToAnotherFunction_Are400()
    {
        await using var app = await TestApp.StartAsync();

        var answer = await app.SendRawAsync($"POST /api/v1/functions/other/%2e%2e/hello/greet/invoke HTTP/1.1\r\nHost: localhost");

        Assert.StartsWith("HTTP/1.1 400 ", answer);
        Assert.Equal(0, app.Router.Calls);
    }

    private static async Task RefusedAsync(string request)
    {
        await using var app = await TestApp.StartAsync(services: static builder => builder.AddCloudFunctionServer());

        var answer = await app.SendRawAsync($"{request} HTTP/1.1\r\nHost: localhost");

        Assert.StartsWith("HTTP/1.1 400 ", answer);
        ApiAnswer.ShouldBeError(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..], "INVALID_PARAMETERS");
        Assert.Equal(0, app.Router.Calls);
        Assert.Empty(app.Operations.Acts);
    }
}

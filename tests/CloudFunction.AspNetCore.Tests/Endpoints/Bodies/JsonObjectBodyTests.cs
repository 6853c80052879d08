using System.Globalization;
using System.Net;
using System.Text;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Bodies;

public sealed class JsonObjectBodyTests
{
    private const string Rollback = "POST /api/v1/projects/hello/rollback";
    private const string Traffic = "PUT /api/v1/projects/hello/traffic";
    private const string ProjectEnvironment = "PUT /api/v1/projects/hello/env";
    private const string SystemEnvironment = "PUT /api/v1/env/system";

    [Theory]
    [InlineData(Rollback, "{\"version\":0}", "version")]
    [InlineData(Rollback, "{\"version\":-1}", "version")]
    [InlineData(Rollback, "{\"version\":1.5}", "version")]
    [InlineData(Rollback, "{\"version\":99999999999}", "version")]
    [InlineData(Rollback, "{\"version\":\"3\"}", "version")]
    [InlineData(Rollback, "{\"version\":null}", "version")]
    [InlineData(Rollback, "{\"version\":[3]}", "version")]
    [InlineData(Rollback, "{\"version\":3,\"version\":3}", "version")]
    [InlineData(Rollback, "{\"version\":3,\"Version\":3}", "Version")]
    [InlineData(Rollback, "{\"to\":3}", "to")]
    [InlineData(Rollback, "3", "body")]
    [InlineData(Rollback, "[]", "body")]
    [InlineData(Rollback, "null", "body")]
    [InlineData(Rollback, "{\"version\":3", "body")]
    [InlineData(Rollback, "{\"version\":3}}", "body")]
    [InlineData(Rollback, "{version:3}", "body")]
    [InlineData(Rollback, "{\"version\":03}", "body")]
    [InlineData(Rollback, "{\"version\":NaN}", "body")]
    [InlineData(Rollback, " ", "body")]
    [InlineData(Rollback, "{\"\\ud800\":3}", "body")]
    [InlineData(Traffic, "", "body")]
    [InlineData(Traffic, "{}", "body")]
    [InlineData(Traffic, "{\"1\":1,\"2\":1,\"3\":1}", "body")]
    [InlineData(Traffic, "{\"3\":-1}", "3")]
    [InlineData(Traffic, "{\"3\":0}", "3")]
    [InlineData(Traffic, "{\"3\":10001}", "3")]
    [InlineData(Traffic, "{\"3\":\"90\"}", "3")]
    [InlineData(Traffic, "{\"3\":90,\"3\":10}", "3")]
    [InlineData(Traffic, "{\"3\":90,\"03\":10}", "03")]
    [InlineData(Traffic, "{\" 3\":90}", " 3")]
    [InlineData(Traffic, "{\"-3\":90}", "-3")]
    [InlineData(Traffic, "{\"v3\":90}", "v3")]
    [InlineData(Traffic, "{\"\":90}", "")]
    [InlineData(ProjectEnvironment, "", "body")]
    [InlineData(ProjectEnvironment, "{}", "body")]
    [InlineData(ProjectEnvironment, "{\"A\":1}", "A")]
    [InlineData(ProjectEnvironment, "{\"A\":true}", "A")]
    [InlineData(ProjectEnvironment, "{\"A\":{\"B\":\"1\"}}", "A")]
    [InlineData(ProjectEnvironment, "{\"A\":\"1\",\"A\":\"2\"}", "A")]
    [InlineData(ProjectEnvironment, "{\"A\":\"\\ud800\"}", "A")]
    [InlineData(SystemEnvironment, "{}", "body")]
    [InlineData(SystemEnvironment, "{\"A\":[]}", "A")]
    public async Task Put_UnexpectedJson_Is400WithTheField(string route, string body, string field)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await SendAsync(app, route, Encoding.UTF8.GetBytes(body));

        Assert.Equal(field, (await response.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field());
        Assert.Empty(app.Operations.Acts);
        Assert.Empty(app.Log.Lines);
    }

    [Fact]
    public async Task Put_InvalidUtf8_Is400()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await SendAsync(app, ProjectEnvironment, [.. "{\"A\":\""u8, 0xff, .. "\"}"u8]);

        Assert.Equal("body", (await response.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field());
    }

    [Fact]
    public async Task Put_ByteOrderMarkFirst_IsSkippedOnce()
    {
        await using var app = await TestApp.StartAsync();

        using var once = await SendAsync(app, ProjectEnvironment, Encoding.UTF8.GetBytes("\uFEFF{\"A\":\"1\"}"));
        using var twice = await SendAsync(app, ProjectEnvironment, Encoding.UTF8.GetBytes("\uFEFF\uFEFF{\"A\":\"1\"}"));

        Assert.Equal(HttpStatusCode.OK, once.StatusCode);
        Assert.Equal("body", (await twice.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field());
    }

    [Fact]
    public async Task Put_NestedDeeply_Is400()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await SendAsync(app, ProjectEnvironment, Encoding.UTF8.GetBytes("{\"A\":" + new string('[', 10_000)));

        Assert.Equal("body", (await response.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field());
    }

    [Theory]
    [InlineData(Rollback)]
    [InlineData(Traffic)]
    [InlineData(ProjectEnvironment)]
    [InlineData(SystemEnvironment)]
    public async Task Put_AnotherMediaType_Is415(string route)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await SendAsync(app, route, "{\"version\":3}"u8.ToArray(), "text/plain");

        Assert.Equal("Content-Type", (await response.ShouldFailAsync(415, "INVALID_PARAMETERS")).Field());
    }

    [Theory]
    [InlineData(Rollback, false)]
    [InlineData(Rollback, true)]
    [InlineData(Traffic, true)]
    [InlineData(ProjectEnvironment, true)]
    [InlineData(SystemEnvironment, false)]
    public async Task Put_BodyBeyond64KB_Is413(string route, bool chunked)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await SendAsync(app, route, Encoding.UTF8.GetBytes(new string(' ', (64 * 1024) + 1)), chunked: chunked);

        Assert.Equal("body", (await response.ShouldFailAsync(413, "INVALID_PARAMETERS")).Field());
        Assert.Contains((64 * 1024).ToString(CultureInfo.InvariantCulture), await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_VariablesOfAnyText_ReachTheOperation()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await SendAsync(app, ProjectEnvironment, Encoding.UTF8.GetBytes("{\"A\":\"é\\n\\\"\",\"B\":\"\",\"C\":null}"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([("A", "é\n\""), ("B", ""), ("C", null)], app.Operations.Changes!.Select(static change => (change.Key, change.Value)));
        Assert.DoesNotContain("é", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> SendAsync(TestApp app, string route, byte[] body, string type = "application/json", bool chunked = false)
    {
        var parts = route.Split(' ');
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        var request = new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]) { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        return app.Client.SendAsync(request);
    }
}

using System.IO.Pipelines;
using System.Net;
using System.Text;
using CloudFunction.AspNetCore.Tests.Fakes;
using CloudFunction.Runtime.Invocations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Invoke;

public sealed class InvokeEndpointTests
{
    private const string Tail = ",\"execution_time\":\"0.005s\",\"timestamp\":\"2026-01-31T08:15:30.123Z\"}";

    [Theory]
    [InlineData(0)]
    [InlineData(3000)]
    [InlineData(3999)]
    [InlineData(4000)]
    [InlineData(4097)]
    [InlineData(200_000)]
    public async Task Invoke_WholeResult_IsWrappedByteForByteWithItsLength(int size)
    {
        await using var app = await StartAsync();
        var payload = $"\"{new string('x', size)}中\"";
        var result = new FakeResult(payload);
        app.Router.Answer(result);

        using var response = await app.InvokeAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal("{\"status\":\"success\",\"result\":" + payload + Tail, Encoding.UTF8.GetString(body));
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        Assert.Equal(("hello", "greet"), app.Router.LastNames);
        Assert.True(result.Disposed);
    }

    [Fact]
    public async Task Invoke_ResultInParts_ArrivesWhole()
    {
        await using var app = await StartAsync();
        var parts = Enumerable.Range(0, 50).Select(number => Encoding.ASCII.GetBytes(new string((char)('a' + (number % 26)), 60_000))).ToArray();
        var result = new FakeResult([[(byte)'"'], .. parts, [(byte)'"']]);
        app.Router.Answer(result);

        using var response = await app.InvokeAsync();

        var expected = "{\"status\":\"success\",\"result\":\"" + string.Concat(parts.Select(Encoding.ASCII.GetString)) + "\"" + Tail;
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        Assert.True(result.Disposed);
    }

    [Fact]
    public async Task Invoke_ResultBreaksOff_CutsTheConnection()
    {
        await using var app = await StartAsync();
        var result = new FakeResult([new byte[100], new byte[100]], breaksOff: true);
        app.Router.Answer(result);

        await Assert.ThrowsAsync<HttpRequestException>(() => app.InvokeAsync());

        Assert.True(result.Disposed);
    }

    [Fact]
    public async Task Invoke_Body_ReachesTheRouterUnreadAndWhole()
    {
        await using var app = await StartAsync();
        app.Router.OnInvoke = async (request, token) => new FakeResult([await ReadAllAsync(request.Body, token)]);
        var payload = $"\"{new string('é', 100_000)}\"";

        using var response = await app.InvokeAsync(payload);

        Assert.Equal("{\"status\":\"success\",\"result\":" + payload + Tail, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Invoke_TraceParent_ReachesTheRouter()
    {
        // The server's mode: ASP.NET Core makes no activity of its own when nobody listens.
        await using var app = await TestApp.StartAsync(services: builder => builder.AddCloudFunctionServer());
        const string caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        app.Client.DefaultRequestHeaders.Add("traceparent", caller);

        using var response = await app.InvokeAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(caller, app.Router.LastRequest.TraceParent);
    }

    [Fact]
    public async Task Invoke_ClientGone_FiresTheToken()
    {
        await using var app = await StartAsync();
        var called = new TaskCompletionSource();
        var fired = new TaskCompletionSource();
        app.Router.OnInvoke = async (_, token) =>
        {
            using var registration = token.Register(fired.SetResult);
            called.SetResult();
            await fired.Task;
            return new FakeResult(InvocationOutcome.Cancelled);
        };
        using var client = new CancellationTokenSource();

        var call = app.Client.PostAsync(TestApp.GreetPath, null, client.Token);
        await called.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Invoke_Cancelled_AnswersNothing()
    {
        await using var app = await StartAsync();
        app.Router.Answer(new FakeResult(InvocationOutcome.Cancelled));

        await Assert.ThrowsAsync<HttpRequestException>(() => app.InvokeAsync());
    }

    [Fact]
    public async Task Invoke_ReadingTheBodyFails_AnswersNothing()
    {
        await using var app = await StartAsync();
        app.Router.OnInvoke = static (_, _) => throw new IOException("connection reset");

        await Assert.ThrowsAsync<HttpRequestException>(() => app.InvokeAsync());
        Assert.Empty(app.Log.Lines);
    }

    [Fact]
    public async Task Invoke_RouterThrows_IsInternalErrorAndLogged()
    {
        await using var app = await StartAsync();
        app.Router.OnInvoke = static (_, _) => throw new InvalidOperationException("secret cause");

        using var response = await app.InvokeAsync();

        await response.ShouldFailAsync(500, "INTERNAL_ERROR");
        Assert.DoesNotContain("secret cause", await response.Content.ReadAsStringAsync());
        Assert.Single(app.Log.Lines);
    }

    private static Task<TestApp> StartAsync() => TestApp.StartAsync(services: static builder =>
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(FakeRuntime.Start)));

    private static async Task<byte[]> ReadAllAsync(PipeReader body, CancellationToken token)
    {
        using var copy = new MemoryStream();
        await body.CopyToAsync(copy, token);
        return copy.ToArray();
    }
}

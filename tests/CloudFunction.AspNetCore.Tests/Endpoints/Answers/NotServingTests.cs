using System.Text;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Answers;

/// <summary>What callers learn of a project that does not serve.</summary>
public sealed class NotServingTests
{
    private const string Secret = "cannot connect with Host=db;Password=hunter2";
    private const string Key = "correct horse";

    public static TheoryData<string> Routes => ["/api/v1/functions/hello/greet/invoke", "/fn/hello/greet/some/path"];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Call_DirectLocalCallerWithoutAKeyConfigured_IsToldTheCause(string route)
    {
        await using var app = await TestApp.StartAsync();

        Assert.Equal(Secret, Cause(await CallAsync(app, route, Rejection.Failed(Secret))));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Call_WithTheAdminKey_IsToldTheCause(string route)
    {
        await using var app = await TestApp.StartAsync(static options => options.AdminKey = Key);

        Assert.Equal(Secret, Cause(await CallAsync(app, route, Rejection.Unhealthy(Secret), ("X-API-Key", Key), ("X-Forwarded-For", "203.0.113.9"))));
    }

    [Theory]
    [InlineData(false, "X-Forwarded-For", "203.0.113.9")]
    [InlineData(false, "Host", "example.com")]
    [InlineData(false, "Origin", "http://evil.example")]
    [InlineData(true, "X-Other", "none")]
    [InlineData(true, "X-API-Key", "wrong")]
    [InlineData(true, "Authorization", "Bearer wrong")]
    public async Task Call_Stranger_IsToldNothingButAnId(bool hasKey, string name, string value)
    {
        await using var app = await TestApp.StartAsync(options => options.AdminKey = hasKey ? Key : null);
        foreach (var route in Routes)
        {
            var rejection = Rejection.Failed(Secret);

            var text = await CallAsync(app, (string)route, rejection, (name, value));

            Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
            var details = ApiAnswer.ShouldBeError(text, "NOT_SERVING");
            Assert.Equal(("failed", rejection.Id), (details.GetProperty("reason").GetString(), details.GetProperty("id").GetString()));
        }
    }

    [Theory]
    [InlineData("?key=correct%20horse")]
    [InlineData("?token=correct%20horse")]
    public async Task Call_KeyInTheQuery_IsToldNothing(string query)
    {
        await using var app = await TestApp.StartAsync(static options => options.AdminKey = Key);

        var text = await CallAsync(app, "/fn/hello/greet/" + query, Rejection.Failed(Secret), ("X-API-Key", Key));

        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_UnderAnIdempotencyKey_IsNotStored()
    {
        await using var app = await TestApp.StartAsync();

        var first = await CallAsync(app, TestApp.GreetPath, Rejection.Failed(Secret), ("Idempotency-Key", "one"), ("X-Forwarded-For", "203.0.113.9"));
        app.Router.Answer(new Fakes.FakeResult("1"));
        using var second = await app.InvokeKeyedAsync("{}", "one");

        ApiAnswer.ShouldBeError(first, "NOT_SERVING");
        Assert.DoesNotContain("hunter2", first, StringComparison.Ordinal);
        Assert.True(second.IsSuccessStatusCode, await second.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Starting", "starting")]
    [InlineData("Failed", "failed")]
    [InlineData("Unhealthy", "unhealthy")]
    public async Task Call_EachReason_HasItsNameAndRetryAfter(string reason, string name)
    {
        await using var app = await TestApp.StartAsync();
        var rejection = reason switch { "Starting" => Rejection.Starting(), "Failed" => Rejection.Failed("x"), _ => Rejection.Unhealthy("x") };
        app.Router.Answer(UndispatchedResult.Rejected(rejection));

        using var response = await app.InvokeAsync();

        Assert.Equal(name, (await response.ShouldFailAsync(503, "NOT_SERVING")).GetProperty("reason").GetString());
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    private static string? Cause(string text) =>
        ApiAnswer.ShouldBeError(text, "NOT_SERVING").TryGetProperty("cause", out var cause) ? cause.GetString() : null;

    private static async Task<string> CallAsync(TestApp app, string route, Rejection rejection, params (string Name, string Value)[] headers)
    {
        app.Router.Answer(UndispatchedResult.Rejected(rejection));
        using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await app.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}

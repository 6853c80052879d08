using System.Collections.Concurrent;
using CloudFunction.AspNetCore.Pipeline;
using CloudFunction.AspNetCore.Tests.Fakes;
using CloudFunction.Runtime.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Tests.Pipeline;

public sealed class AccessLogTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly AccessRecords _records = new();

    public void Dispose() => _records.Dispose();

    [Fact]
    public async Task Server_Invocation_LeavesOneRecordWithAllOfIt()
    {
        await using var app = await StartAsync();
        app.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        app.Client.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using var response = await app.InvokeAsync("{}", "?timeout=5&key=secret");

        var record = await _records.NextAsync();
        Assert.Equal(
            (
                "POST", TestApp.GreetPath, 200, response.Content.Headers.ContentLength, "203.0.113.9", "hello", "greet",
                "0af7651916cd43dd8448eb211c80319c"),
            ((string)record["Method"]!, (string)record["Path"]!, (int)record["Status"]!, (long?)record["Bytes"], (string)record["Client"]!,
                (string)record["Project"]!, (string)record["Function"]!, (string)record["TraceId"]!));
        Assert.True((double)record["DurationMs"]! > 0);
        Assert.DoesNotContain("secret", _records.LastText, StringComparison.Ordinal);
        Assert.True(_records.IsEmpty);
    }

    [Fact]
    public async Task Server_ResultInParts_IsCounted()
    {
        await using var app = await StartAsync();
        app.Router.Answer(new FakeResult([new byte[100_000], new byte[50_000]]));

        var body = await (await app.InvokeAsync()).Content.ReadAsByteArrayAsync();

        Assert.Equal(body.Length, (long?)(await _records.NextAsync())["Bytes"]);
    }

    [Theory]
    [InlineData("GET /nope?token=secret HTTP/1.1\r\nHost: a", 404, "/nope")]
    [InlineData("GET /a%2e/%2e%2e/b HTTP/1.1\r\nHost: a", 400, "/a%2e/%2e%2e/b")]
    [InlineData("GET /status HTTP/1.1\r\nHost: a", 401, "/status")]
    [InlineData("GET /broken HTTP/1.1\r\nHost: a", 500, "/broken")]
    [InlineData("HEAD /health HTTP/1.1\r\nHost: a", 200, "/health")]
    public async Task Server_AnyAnswer_IsRecorded(string head, int status, string path)
    {
        await using var app = await StartAsync();

        await app.SendRawAsync(head);

        var record = await _records.NextAsync();
        Assert.Equal((status, path), ((int)record["Status"]!, (string)record["Path"]!));
        Assert.True(head.StartsWith("HEAD", StringComparison.Ordinal) == ((long?)record["Bytes"] == 0), _records.LastText);
    }

    [Theory]
    [InlineData("GET /nope HTTP/1.1\r\nHost: a", "NOT_FOUND")]
    [InlineData(
        "POST /api/v1/functions/hello/greet/invoke HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz",
        "INVALID_PARAMETERS")]
    public async Task Server_Refusal_IsRecordedWithItsCode(string request, string code)
    {
        await using var app = await StartAsync();

        await app.SendRawAsync(request);

        Assert.Equal(code, (string)(await _records.NextAsync())["Code"]!);
    }

    [Fact]
    public async Task Server_ClientLeaves_IsRecordedAsSuch()
    {
        await using var app = await StartAsync();
        app.Router.OnInvoke = static async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new FakeResult("null");
        };
        using var leave = new CancellationTokenSource();
        using var content = new StringContent("{}", null, "application/json");
        var call = app.Client.PostAsync(TestApp.GreetPath, content, leave.Token);
        Assert.True(SpinWait.SpinUntil(() => app.Router.Calls == 1, Bound), "the call did not come to the router");

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        var record = await _records.NextAsync();
        Assert.Equal(499, (int)record["Status"]!);
        Assert.Contains(" 499 cut after ", _records.LastText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, LogLevel.Information)]
    [InlineData(true, LogLevel.Warning)]
    public async Task Server_NotWanted_RecordsNothing(bool accessLog, LogLevel level)
    {
        await using var app = await StartAsync(options => options.AccessLog = accessLog, level);

        await app.InvokeAsync();
        await app.App.StopAsync();

        Assert.True(_records.IsEmpty);
    }

    private Task<TestApp> StartAsync(Action<CloudFunctionOptions>? configure = null, LogLevel level = LogLevel.Information) => TestApp.StartAsync(
        options =>
        {
            (options.Host, options.Port) = ("127.0.0.1", 0);
            configure?.Invoke(options);
        },
        builder =>
        {
            builder.AddCloudFunctionServer();
            builder.Logging.AddProvider(_records).AddFilter(AccessLog.Category, level);
        },
        static app =>
        {
            app.MapCloudFunctions();
            app.MapGet("/broken", string () => throw new InvalidOperationException("broken"));
        });

    /// <summary>Keeps what the access log says.</summary>
    private sealed class AccessRecords : ILoggerProvider
    {
        private readonly ConcurrentQueue<(string Text, IReadOnlyDictionary<string, object?> Properties)> _records = new();
        private readonly SemaphoreSlim _arrived = new(0);

        public bool IsEmpty => _records.IsEmpty;

        public string LastText { get; private set; } = "";

        public async Task<IReadOnlyDictionary<string, object?>> NextAsync()
        {
            Assert.True(await _arrived.WaitAsync(Bound), "no record came");
            Assert.True(_records.TryDequeue(out var record));
            LastText = record.Text;
            return record.Properties;
        }

        public ILogger CreateLogger(string categoryName) =>
            categoryName == AccessLog.Category ? new Recorder(this) : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void Dispose() => _arrived.Dispose();

        private sealed class Recorder(AccessRecords records) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                Assert.Equal(LogLevel.Information, logLevel);
                records._records.Enqueue((formatter(state, exception), ((IReadOnlyList<KeyValuePair<string, object?>>)state!).ToDictionary()));
                records._arrived.Release();
            }
        }
    }
}

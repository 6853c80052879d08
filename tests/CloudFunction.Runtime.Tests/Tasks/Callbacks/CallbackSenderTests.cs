using System.Net;
using System.Security.Cryptography;
using System.Text;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Tasks.Callbacks;

public sealed class CallbackSenderTests
{
    // No test waits for it, unless something hangs.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static readonly byte[] Body = """{"status":"completed"}"""u8.ToArray();

    [Fact]
    public async Task SendAsync_WithAKey_IsSignedAsStandardWebhooksSay()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_674_087_231));
        await using var receiver = await Answer(200);
        using var sender = Sender(time: time, key: SigningKey.Read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

        var outcome = await SendAsync(sender, receiver.Url);

        Assert.Equal(CallbackVerdict.Delivered, outcome.Verdict);
        var (path, headers, body) = Assert.Single(receiver.Requests);
        var expected = HMACSHA256.HashData(
            Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), Encoding.UTF8.GetBytes($"cb-1.1674087231.{Encoding.UTF8.GetString(body)}"));
        Assert.Equal("/done", path);
        Assert.Equal(Body, body);
        Assert.Equal("application/json", headers["Content-Type"]);
        Assert.Equal("cb-1", headers["webhook-id"]);
        Assert.Equal("1674087231", headers["webhook-timestamp"]);
        Assert.Equal($"v1,{Convert.ToBase64String(expected)}", headers["webhook-signature"]);
        Assert.DoesNotContain("traceparent", headers.Keys);
    }

    [Fact]
    public async Task SendAsync_WithoutAKey_IsNotSigned()
    {
        await using var receiver = await Answer(204);
        using var sender = Sender();

        Assert.Equal(CallbackVerdict.Delivered, (await SendAsync(sender, receiver.Url)).Verdict);
        Assert.DoesNotContain("webhook-signature", Assert.Single(receiver.Requests).Headers.Keys);
    }

    [Theory]
    [InlineData(202, CallbackVerdict.Delivered)]
    [InlineData(302, CallbackVerdict.Retry)]
    [InlineData(308, CallbackVerdict.Rejected)]
    [InlineData(400, CallbackVerdict.Rejected)]
    [InlineData(401, CallbackVerdict.Retry)]
    [InlineData(404, CallbackVerdict.Retry)]
    [InlineData(408, CallbackVerdict.Retry)]
    [InlineData(410, CallbackVerdict.Gone)]
    [InlineData(413, CallbackVerdict.Rejected)]
    [InlineData(422, CallbackVerdict.Rejected)]
    [InlineData(429, CallbackVerdict.Retry)]
    [InlineData(500, CallbackVerdict.Retry)]
    [InlineData(503, CallbackVerdict.Retry)]
    [InlineData(799, CallbackVerdict.Retry)]
    public async Task SendAsync_EachStatus_HasItsVerdict(int status, object verdict)
    {
        await using var receiver = await Answer(status);
        using var sender = Sender();

        var outcome = await SendAsync(sender, receiver.Url);

        Assert.Equal(verdict, outcome.Verdict);
        Assert.Contains($"{status}", outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task SendAsync_Redirected_IsNotFollowed(int status)
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        using var sender = Sender();

        await SendAsync(sender, receiver.Url);

        Assert.Equal("/done", Assert.Single(receiver.Requests).Path);
    }

    [Theory]
    [InlineData("120", 120.0)]
    [InlineData("Thu, 01 Jan 2026 00:10:00 GMT", 600.0)]
    [InlineData("Thu, 01 Jan 2020 00:00:00 GMT", null)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    public async Task SendAsync_RetryAfter_IsRead(string header, double? seconds)
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = header;
            return Task.CompletedTask;
        });
        using var sender = Sender(time: new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));

        Assert.Equal(seconds, (await SendAsync(sender, receiver.Url)).RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task SendAsync_NoAnswer_EndsAtTheTimeout()
    {
        var time = new FakeTimeProvider();
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await Receiver.StartAsync(context =>
        {
            came.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var sender = Sender(time: time);

        var sending = SendAsync(sender, receiver.Url);
        await came.Task.WaitAsync(Bound);
        time.Advance(Bound);

        var outcome = await sending.WaitAsync(Bound);
        Assert.Equal(new CallbackOutcome(CallbackVerdict.Retry, "the receiver did not answer in time"), outcome);
    }

    /// <summary>Whoever names a callback's URL chooses how many receivers there are: connections to them are no way to use up the
    /// host's descriptors.</summary>
    [Fact]
    public async Task SendAsync_ManyReceivers_FewConnectionsAreKept()
    {
        using var sender = Sender();
        var receivers = new List<Receiver>();
        for (var number = 0; number < CallbackQueue.MaxRunning + 8; number++)
        {
            receivers.Add(await Answer(200));
            Assert.Equal(CallbackVerdict.Delivered, (await SendAsync(sender, receivers[^1].Url)).Verdict);
            Assert.InRange(sender.Connections, 1, CallbackQueue.MaxRunning + 1); // The last one may be about to close.
        }

        // Those that are kept are used again.
        await SendAsync(sender, receivers[0].Url);
        Assert.Equal(2, receivers[0].Requests.Count);
        foreach (var receiver in receivers)
        {
            await receiver.DisposeAsync();
        }
    }

    [Fact]
    public async Task SendAsync_EndlessBody_IsNotReadToItsEnd()
    {
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            try
            {
                for (var chunk = new byte[64 << 10]; ;)
                {
                    await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
                }
            }
            finally
            {
                cut.TrySetResult();
            }
        });
        using var sender = Sender();

        Assert.Equal(CallbackVerdict.Delivered, (await SendAsync(sender, receiver.Url)).Verdict);
        await cut.Task.WaitAsync(Bound);
    }

    [Fact]
    public async Task SendAsync_HugeHeaders_IsTriedAgain()
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.Headers["X-Huge"] = new string('x', 100_000);
            return Task.CompletedTask;
        });
        using var sender = Sender();

        Assert.Equal(CallbackVerdict.Retry, (await SendAsync(sender, receiver.Url)).Verdict);
    }

    [Fact]
    public async Task SendAsync_ConnectionCutBeforeTheHead_IsTriedAgain()
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var sender = Sender();

        Assert.Equal(CallbackVerdict.Retry, (await SendAsync(sender, receiver.Url)).Verdict);
    }

    [Fact]
    public async Task SendAsync_ConnectionCutInTheBody_IsDelivered()
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("a part");
            await context.Response.Body.FlushAsync();
            await settled.Task.WaitAsync(Bound); // An abort right here could overtake the head.
            context.Abort();
        });
        using var sender = Sender();

        Assert.Equal(CallbackVerdict.Delivered, (await SendAsync(sender, receiver.Url)).Verdict);
        settled.SetResult();
    }

    [Fact]
    public async Task SendAsync_NobodyListens_IsTriedAgain()
    {
        string url;
        await using (var receiver = await Answer(200))
        {
            url = receiver.Url;
        }

        using var sender = Sender();

        Assert.Equal(new CallbackOutcome(CallbackVerdict.Retry, "the receiver could not be connected to"), await SendAsync(sender, url));
    }

    [Fact]
    public async Task SendAsync_NameUnknown_IsTriedAgain()
    {
        using var sender = Sender(resolve: _ => []);

        Assert.Equal(
            new CallbackOutcome(CallbackVerdict.Retry, "the receiver's name is not known"), await SendAsync(sender, "http://gone.example.com/"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("8.8.8.8,10.0.0.1")]
    public async Task SendAsync_NameThatLeadsToAPrivateAddress_ConnectsNowhere(string addresses)
    {
        await using var receiver = await Answer(200);
        using var sender = Sender(allowPrivate: false, resolve: _ => [.. addresses.Split(',').Select(IPAddress.Parse)]);

        var outcome = await SendAsync(sender, $"http://example.com:{receiver.Port}/");

        Assert.Equal(CallbackVerdict.Rejected, outcome.Verdict);
        Assert.Contains("'example.com' leads to", outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task SendAsync_NameThatChangesItsAddress_IsResolvedOnceAndConnectedToWhatWasChecked()
    {
        var asked = 0;
        await using var receiver = await Answer(200);
        using var sender = Sender(resolve: _ => ++asked == 1 ? [IPAddress.Loopback] : [IPAddress.Parse("169.254.169.254")]);

        Assert.Equal(CallbackVerdict.Delivered, (await SendAsync(sender, $"http://example.com:{receiver.Port}/")).Verdict);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task SendAsync_PrivateLiteral_IsCheckedWhenConnecting()
    {
        await using var receiver = await Answer(200);
        using var sender = Sender(allowPrivate: false);

        Assert.Equal(CallbackVerdict.Rejected, (await SendAsync(sender, receiver.Url)).Verdict);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task SendAsync_Cancelled_Throws()
    {
        await using var receiver = await Answer(200);
        using var sender = Sender();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => sender.SendAsync(new Callback("cb-1", default, "shop", receiver.Url, 0), Body, new CancellationToken(canceled: true)));
    }

    private static Task<Receiver> Answer(int status) => Receiver.StartAsync(context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    private static CallbackSender Sender(
        TimeProvider? time = null, byte[]? key = null, bool allowPrivate = true, Func<string, IPAddress[]>? resolve = null) =>
        new(
            new CallbackSettings
            {
                Timeout = Bound,
                Key = key,
                AllowPrivate = allowPrivate,
                Resolve = (name, _) =>
                    Task.FromResult(resolve is null ? throw new InvalidOperationException($"{name} was asked for") : resolve(name)),
            },
            time ?? TimeProvider.System);

    private static Task<CallbackOutcome> SendAsync(CallbackSender sender, string url) =>
        sender.SendAsync(new Callback("cb-1", new TaskId(1, 2), "shop", url, 0), Body, CancellationToken.None).WaitAsync(2 * Bound);
}

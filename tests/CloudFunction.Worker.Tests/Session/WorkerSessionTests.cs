using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Tests.Peers;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Worker.Tests.Session;

public class WorkerSessionTests
{
    private const string Source = """
        public static class Gate
        {
            public static readonly ManualResetEventSlim Open = new();
            public static readonly ManualResetEventSlim Inside = new();
        }

        public sealed class Echo : IFunction<string, string>
        {
            public ValueTask<string> InvokeAsync(string request, FunctionContext context, CancellationToken cancellationToken) => new(request);
        }

        public sealed class Big : IFunction<int, string>
        {
            public ValueTask<string> InvokeAsync(int length, FunctionContext context, CancellationToken cancellationToken) =>
                new(new string('x', length));
        }

        public sealed class Wait : IFunction<int, int>
        {
            public async ValueTask<int> InvokeAsync(int n, FunctionContext context, CancellationToken cancellationToken)
            {
                Gate.Inside.Set();
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return n;
            }
        }

        public sealed class Block : IFunction<int, int>
        {
            public ValueTask<int> InvokeAsync(int n, FunctionContext context, CancellationToken cancellationToken)
            {
                Gate.Inside.Set();
                Gate.Open.Wait();
                return new(n);
            }
        }

        public sealed class QuickThenBlock : IFunction<bool, bool>
        {
            public ValueTask<bool> InvokeAsync(bool block, FunctionContext context, CancellationToken cancellationToken)
            {
                if (block)
                {
                    Gate.Inside.Set();
                    Gate.Open.Wait();
                }

                return new(block);
            }
        }

        public sealed class BadCallback : IFunction<bool, int>
        {
            public async ValueTask<int> InvokeAsync(bool blocks, FunctionContext context, CancellationToken cancellationToken)
            {
                cancellationToken.Register(() =>
                {
                    if (!blocks)
                    {
                        throw new InvalidOperationException("bad callback");
                    }

                    Gate.Open.Wait();
                });
                Gate.Inside.Set();
                await Task.Run(() => { while (!cancellationToken.IsCancellationRequested) { Thread.Yield(); } });
                cancellationToken.ThrowIfCancellationRequested();
                return 0;
            }
        }

        public sealed class Fails : IFunction<string, string>
        {
            public ValueTask<string> InvokeAsync(string request, FunctionContext context, CancellationToken cancellationToken) =>
                throw new ArithmeticException(request);
        }

        public sealed class LogsTooFew : IFunction<int, int>
        {
            public ValueTask<int> InvokeAsync(int count, FunctionContext context, CancellationToken cancellationToken)
            {
                using var scope = context.Logger.BeginScope("{Order} {Shop}", 7);
                context.Logger.LogInformation("{A} {B}", count);
                return new(count);
            }
        }

        public sealed class Logs : IFunction<int, int>
        {
            public ValueTask<int> InvokeAsync(int count, FunctionContext context, CancellationToken cancellationToken)
            {
                context.Logger.LogDebug("about to log");
                for (var i = 0; i < count; i++)
                {
                    context.Logger.LogInformation("record {Number} {Filler}", i, count > 1 ? new string('x', 4000) : "");
                }

                return new(count);
            }
        }
        """;

    [Fact]
    public void Run_Begins_WithAHello()
    {
        using var host = new ScriptedHost(Source);
        var hello = HelloMessage.Decode(host.Peer.Next().Payload);
        Assert.Equal(new HelloMessage(ProtocolVersion.Current, "w7", "secret", Environment.ProcessId), hello);
    }

    [Fact]
    public async Task Load_BeforeConfigure_IsAProtocolError()
    {
        using var host = new ScriptedHost(Source);
        host.SendLoad();
        await host.AssertProtocolErrorAsync();
    }

    [Fact]
    public async Task Configure_OfAnotherVersion_IsAProtocolError()
    {
        using var host = new ScriptedHost(Source);
        host.Peer.Send(FrameType.Configure, 0, new ConfigureMessage(99, 1, 1, 1, 2).Encode());
        await host.AssertProtocolErrorAsync();
    }

    [Fact]
    public async Task Invoke_BeforeReady_IsAProtocolError()
    {
        using var host = new ScriptedHost(Source);
        host.Configure();
        host.Peer.Send(FrameType.Invoke, 1, ScriptedHost.InvokePayload(0, "1"), FrameFlags.Whole);
        await host.AssertProtocolErrorAsync();
    }

    [Theory]
    [InlineData(FrameType.Hello)]
    [InlineData(FrameType.Ready)]
    [InlineData(FrameType.Log)]
    [InlineData(FrameType.Stats)]
    [InlineData(FrameType.Error)]
    public async Task Frame_ThatAHostDoesNotSend_IsAProtocolError(object type)
    {
        using var host = new ScriptedHost(Source);
        host.Peer.Send((FrameType)type, 0, [1]);
        await host.AssertProtocolErrorAsync();
    }

    [Fact]
    public void Load_ProjectThatDoesNotLoad_SaysWhy()
    {
        using var host = new ScriptedHost("public sealed class Nothing;");
        host.Configure();
        host.SendLoad();
        var failed = LoadFailedMessage.Decode(host.Peer.Next(FrameType.LoadFailed).Payload);
        Assert.False(failed.Dependency);
        Assert.NotEmpty(failed.Message);
    }

    [Fact]
    public void Load_RequestTypesThatNoPayloadFits_NamesThem()
    {
        using var host = new ScriptedHost("""
            public interface IThing;
            public static class Functions
            {
                [Function("thing")] public static int Thing(IThing thing) => 1;
                [Function("matrix")] public static int Matrix(int[,] matrix) => 1;
                [Function("right")] public static int Right(int[][] rows) => 1;
            }
            """);
        host.Configure();
        host.SendLoad();
        var failed = LoadFailedMessage.Decode(host.Peer.Next(FrameType.LoadFailed).Payload);
        Assert.False(failed.Dependency);
        Assert.Contains("Functions (thing) takes IThing, which no payload fits", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Functions (matrix) takes System.Int32[,], which no payload fits", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("(right)", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Describes_AllFunctionsByName()
    {
        using var host = ScriptedHost.Load(Source);
        Assert.Equal(
            ["bad-callback", "big", "block", "echo", "fails", "logs", "logs-too-few", "quick-then-block", "wait"],
            host.Ready!.Functions.Select(f => f.Name).Order());
        Assert.All(host.Ready.Functions, f => Assert.NotEmpty(f.Parameters));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Invoke_WholeAndInParts_ComesBack(bool sockets)
    {
        using var host = ScriptedHost.Load(Source, sockets: sockets);
        Assert.Equal("\"hi\"", host.ResultOf(host.Invoke("echo", "\"hi\"")));
        var stream = host.Invoke("echo", "\"o", whole: false);
        host.Peer.Send(FrameType.Data, stream, "n"u8);
        host.Peer.Send(FrameType.Data, stream, default);
        host.Peer.Send(FrameType.End, stream, "e\""u8);
        Assert.Equal("\"one\"", host.ResultOf(stream));
    }

    [Fact]
    public void Invoke_LargePayload_IsGrantedCreditAsItIsTaken()
    {
        using var host = ScriptedHost.Load(Source);
        var text = new string('y', 400_000);
        var stream = host.Invoke("echo", "\"", whole: false);
        for (var at = 0; at < text.Length; at += 20_000)
        {
            host.Peer.Send(FrameType.Data, stream, System.Text.Encoding.ASCII.GetBytes(text[at..(at + 20_000)]));
            if (at % 40_000 == 20_000)
            {
                Frame credit;
                do
                {
                    credit = host.Peer.Next(FrameType.Credit);
                }
                while (credit.StreamId != stream);
            }
        }

        host.Peer.Send(FrameType.End, stream, "\""u8);
        Assert.Equal(text.Length + 2, Whole(host, stream).Length);
    }

    [Fact]
    public async Task Invoke_BeyondTheStreamsCredit_IsAProtocolError()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.Invoke("echo", "\"", whole: false);
        host.Peer.Send(FrameType.Data, stream, new byte[CreditWindows.StreamBytes]);
        await host.AssertProtocolErrorAsync();
    }

    [Fact]
    public void Invoke_ResultLargerThanTheWindow_WaitsForCredit()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.Invoke("big", "200000");
        var length = 0;
        while (length < CreditWindows.StreamBytes)
        {
            length += host.NextOf(stream).Payload.Length;
        }

        Assert.Equal(CreditWindows.StreamBytes, length);
        host.Peer.Send(FrameType.Ping, 0, new byte[8]);
        Assert.DoesNotContain(UntilPong(host), f => f.Type == FrameType.Data); // It waits.
        host.Peer.SendCredit(stream, 300_000);
        Assert.Equal(200_002, length + Whole(host, stream).Length);
    }

    [Fact]
    public void Invoke_ResultOverTheLimit_IsTheFunctionsFailure()
    {
        using var host = ScriptedHost.Load(Source, maxResponse: 1000);
        Assert.Equal("\"xx\"", host.ResultOf(host.Invoke("big", "2")));
        var error = host.ErrorOf(host.Invoke("big", "5000"));
        Assert.Equal(FailureCode.FunctionFailed, error.Code);
        Assert.Contains("1000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invoke_PayloadOverTheLimit_IsRefusedBeforeItIsWhole()
    {
        using var host = ScriptedHost.Load(Source, maxRequest: 1000);
        var stream = host.Invoke("echo", new string('1', 600), whole: false);
        host.Peer.Send(FrameType.Data, stream, new byte[600]);
        Assert.Equal(FailureCode.InvalidPayload, host.ErrorOf(stream).Code);
        host.Peer.Send(FrameType.Data, stream, new byte[600]); // Was on its way.
        host.Peer.Send(FrameType.End, stream, default);
        Assert.Equal("\"hi\"", host.ResultOf(host.Invoke("echo", "\"hi\"")));
    }

    [Fact]
    public async Task Invoke_UnknownFunctionNumber_IsAProtocolError()
    {
        using var host = ScriptedHost.Load(Source);
        host.Peer.Send(FrameType.Invoke, 1, ScriptedHost.InvokePayload(99, "1"), FrameFlags.Whole);
        await host.AssertProtocolErrorAsync();
    }

    [Fact]
    public async Task Invoke_OpenStreamAgain_IsAProtocolError()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.Invoke("echo", "1", whole: false);
        host.Peer.Send(FrameType.Invoke, stream, ScriptedHost.InvokePayload(0, "1"), FrameFlags.Whole);
        await host.AssertProtocolErrorAsync();
    }

    [Fact]
    public void Cancel_BeforeThePayloadIsWhole_EndsTheStreamWithoutRunning()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.Invoke("wait", "1", whole: false);
        host.Peer.Send(FrameType.Cancel, stream, default);
        Assert.Equal(FailureCode.Cancelled, host.ErrorOf(stream).Code);
        host.Peer.Send(FrameType.End, stream, default);
        Assert.Equal("\"hi\"", host.ResultOf(host.Invoke("echo", "\"hi\"")));
        Assert.False(host.Static<ManualResetEventSlim>("Gate", "Inside").IsSet);
    }

    [Fact]
    public void Cancel_ThatOvertookItsInvoke_KeepsItFromRunning()
    {
        using var host = ScriptedHost.Load(Source);
        host.Peer.Send(FrameType.Cancel, 1, default);
        Assert.Equal(FailureCode.Cancelled, host.ErrorOf(host.Invoke("block", "1")).Code);
        host.Peer.Send(FrameType.Cancel, 2 | (5 << 16), default); // Of an earlier use of that slot.
        Assert.Equal("\"hi\"", host.ResultOf(host.Invoke("echo", "\"hi\"")));
        host.Peer.Send(FrameType.Cancel, 2, default); // Too late.
        Assert.Equal("\"hi\"", host.ResultOf(host.Invoke("echo", "\"hi\"")));
        Assert.False(host.Static<ManualResetEventSlim>("Gate", "Inside").IsSet);
    }

    [Fact]
    public void Cancel_WhileItRuns_FiresTheToken()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.Invoke("wait", "1");
        Enter(host);
        host.Peer.Send(FrameType.Cancel, stream, default);
        Assert.Equal(FailureCode.Cancelled, host.ErrorOf(stream).Code);
    }

    [Fact]
    public void Cancel_WhileTheResultWaitsForCredit_EndsTheStream()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.Invoke("big", "200000");
        host.NextOf(stream);
        host.Peer.Send(FrameType.Cancel, stream, default);
        Frame last;
        do
        {
            last = host.NextOf(stream);
        }
        while (last.Type == FrameType.Data);
        Assert.Equal(FailureCode.Cancelled, ErrorMessage.Decode(last.Payload).Code);
    }

    [Fact]
    public void Cancel_CallbackThrows_IsLoggedAndTheWorkerLives()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.Invoke("bad-callback", "false");
        Enter(host);
        host.Peer.Send(FrameType.Cancel, stream, default);
        var (log, error) = ((LogMessage?)null, (ErrorMessage?)null);
        while (log is null || error is null)
        {
            var frame = host.Peer.Next();
            log = frame.Type == FrameType.Log ? LogMessage.Decode(frame.Payload) : log;
            error = frame.Type == FrameType.Error ? ErrorMessage.Decode(frame.Payload) : error;
        }

        Assert.Contains("bad callback", log.Exception, StringComparison.Ordinal);
        Assert.Equal(FailureCode.Cancelled, error.Code);
        Assert.Equal("\"hi\"", host.ResultOf(host.Invoke("echo", "\"hi\"")));
    }

    [Fact]
    public void Cancel_CallbackBlocks_HoldsUpNothingElse()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.Invoke("bad-callback", "true");
        Enter(host);
        host.Peer.Send(FrameType.Cancel, stream, default);
        Assert.Equal("\"hi\"", host.ResultOf(host.Invoke("echo", "\"hi\"")));
        host.Static<ManualResetEventSlim>("Gate", "Open").Set();
    }

    [Fact]
    public void Invoke_FunctionOnTheReaderThatSuddenlyBlocks_HoldsUpNothingElse()
    {
        using var host = ScriptedHost.Load(Source);
        for (var i = 0; i < 50; i++)
        {
            host.ResultOf(host.Invoke("quick-then-block", "false")); // Until it is trusted to run on the reader.
        }

        var blocked = host.Invoke("quick-then-block", "true");
        Enter(host);
        Assert.Equal("\"hi\"", host.ResultOf(host.Invoke("echo", "\"hi\"")));
        host.Peer.Send(FrameType.Ping, 0, new byte[8]);
        host.Peer.Next(FrameType.Pong);
        host.Static<ManualResetEventSlim>("Gate", "Open").Set();
        Assert.Equal("true", host.ResultOf(blocked));
        Assert.Equal("false", host.ResultOf(host.Invoke("quick-then-block", "false")));
    }

    [Fact]
    public void Invoke_FunctionThrows_LogsItsStackUnderItsIdAndTellsTheCallerNone()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.Invoke("fails", "\"oh\"", id: 77, trace: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        var log = LogMessage.Decode(host.Peer.Next(FrameType.Log).Payload);
        Assert.Equal(((UInt128)77, "fails", "cloudfunction.projects.shop"), (log.InvocationId, log.Function, log.Category));
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", log.TraceId);
        Assert.Contains("   at ", log.Exception, StringComparison.Ordinal);
        var error = host.ErrorOf(stream);
        Assert.Equal((FailureCode.FunctionFailed, "System.ArithmeticException"), (error.Code, error.ExceptionType));
        Assert.DoesNotContain("   at ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_TemplateWithTooFewValues_IsARecordAndNoFailure()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.Invoke("logs-too-few", "3");

        var log = LogMessage.Decode(host.Peer.Next(FrameType.Log).Payload);
        Assert.Equal("{A} {B} (the message cannot be made of its values: System.FormatException)", log.Message);
        Assert.Equal([new("A", 3L), new("Order", 7L)], log.Properties);
        Assert.Equal("3", host.ResultOf(stream));
    }

    [Fact]
    public void Log_OfAFunction_CarriesTheInvocationsId()
    {
        using var host = ScriptedHost.Load(Source);
        host.Invoke("logs", "1", id: UInt128.MaxValue / 7);
        var log = LogMessage.Decode(host.Peer.Next(FrameType.Log).Payload);
        Assert.Equal((UInt128.MaxValue / 7, "logs"), (log.InvocationId, log.Function));
        Assert.Contains(new("Number", 0L), log.Properties);
        Assert.Null(log.TraceId);
    }

    [Fact]
    public void Log_HostGivesNoCredit_DropsAndCountsUntilItDoes()
    {
        using var host = ScriptedHost.Load(Source);
        host.Invoke("logs", "70"); // 560 KB.
        var (records, received) = (0, 0);
        Frame frame;
        while ((frame = host.Peer.Next()).Type != FrameType.End)
        {
            if (frame.Type == FrameType.Log)
            {
                records++;
                received += frame.Payload.Length;
            }
        }

        Assert.InRange(received, CreditWindows.LogBytes - 10_000, CreditWindows.LogBytes);
        host.Peer.Send(FrameType.LogCredit, 0, BitConverter.GetBytes(received));
        host.Peer.Send(FrameType.Ping, 0, new byte[8]);
        host.Peer.Next(FrameType.Pong); // It has the credit.
        host.Invoke("logs", "1");
        Assert.Equal(70 - records, LogMessage.Decode(host.Peer.Next(FrameType.Log).Payload).Dropped);
    }

    [Fact]
    public void Log_FunctionOnTheReaderFindsNoWindow_GetsTheCreditThatComesMeanwhile()
    {
        using var host = ScriptedHost.Load(Source);
        for (var i = 0; i < 50; i++)
        {
            host.ResultOf(host.Invoke("logs", "0")); // Until it is trusted to run on the reader.
        }

        var stream = host.Invoke("logs", "1000"); // 8 MB.
        var received = 0;
        Frame frame;
        while ((frame = host.Peer.Next()).StreamId != stream)
        {
            if (frame.Type == FrameType.Log)
            {
                received += frame.Payload.Length;
                host.Peer.Send(FrameType.LogCredit, 0, BitConverter.GetBytes(frame.Payload.Length));
            }
        }

        // All, unless this process was kept from running for longer than a record waits.
        Assert.InRange(received, 4 * CreditWindows.LogBytes, int.MaxValue);
    }

    [Fact]
    public void SetLogLevel_AtAnyTime_CountsFromThenOn()
    {
        using var host = ScriptedHost.Load(Source);
        host.Invoke("logs", "1");
        Assert.Equal("record 0 ", LogMessage.Decode(host.Peer.Next(FrameType.Log).Payload).Message);
        host.Peer.Send(FrameType.SetLogLevel, 0, [1]);
        host.Invoke("logs", "1");
        Assert.Equal("about to log", LogMessage.Decode(host.Peer.Next(FrameType.Log).Payload).Message);
        Assert.Equal("record 0 ", LogMessage.Decode(host.Peer.Next(FrameType.Log).Payload).Message);
        host.Peer.Send(FrameType.SetLogLevel, 0, [3]);
        host.ResultOf(host.Invoke("logs", "1"));
        host.Invoke("fails", "\"oh\"");
        Assert.Contains("oh", LogMessage.Decode(host.Peer.Next(FrameType.Log).Payload).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 7 })]
    [InlineData(new byte[] { 1, 1 })]
    public async Task SetLogLevel_ThatIsNone_IsAProtocolError(byte[] payload)
    {
        using var host = new ScriptedHost(Source);
        host.Peer.Send(FrameType.SetLogLevel, 0, payload);
        await host.AssertProtocolErrorAsync();
    }

    [Fact]
    public async Task LogCredit_MoreThanWasSent_IsAProtocolError()
    {
        using var host = ScriptedHost.Load(Source);
        host.Peer.Send(FrameType.LogCredit, 0, BitConverter.GetBytes(1));
        await host.AssertProtocolErrorAsync();
    }

    [Fact]
    public async Task ReportCrash_HostListens_ReturnsOnceItHasHeard()
    {
        using var host = ScriptedHost.Load(Source);
        var reported = Task.Run(() => host.Session.ReportCrash(new InvalidOperationException("nobody catches this")));
        var log = LogMessage.Decode(host.Peer.Next(FrameType.Log).Payload);
        Assert.Equal((5, "cloudfunction.projects.shop"), (log.Level, log.Category));
        Assert.Contains("nobody catches this", log.Exception, StringComparison.Ordinal);
        host.Peer.Next(FrameType.Dying);
        host.Peer.Send(FrameType.Pong, 0, host.Peer.Next(FrameType.Ping).Payload);
        await reported.Soon("the report");
    }

    [Fact]
    public async Task ReportCrash_NobodyWantsTheRecord_DoesNotSayThatItWasLogged()
    {
        using var host = ScriptedHost.Load(Source);
        host.Peer.Send(FrameType.SetLogLevel, 0, [6]);
        host.Peer.Send(FrameType.Ping, 0, new byte[8]);
        host.Peer.Next(FrameType.Pong); // It knows by now.
        await Task.Run(() => host.Session.ReportCrash(new InvalidOperationException("unwanted"))).Soon("the report");
        host.Peer.Send(FrameType.Ping, 0, new byte[8]);
        Assert.DoesNotContain(UntilPong(host), f => f.Type is FrameType.Dying or FrameType.Log);
    }

    [Fact]
    public async Task ReportCrash_HostIsGone_ReturnsAllTheSame()
    {
        using var host = ScriptedHost.Load(Source);
        host.Peer.Dispose();
        await host.Ended.Soon("the session");
        await Task.Run(() => host.Session.ReportCrash(new InvalidOperationException("unheard"))).Soon("the report");
    }

    [Fact]
    public void Ping_BringsStatsNowAndThen()
    {
        var time = new FakeTimeProvider();
        using var host = ScriptedHost.Load(Source, time);
        time.Advance(TimeSpan.FromSeconds(10));
        var running = host.Invoke("wait", "1");
        Enter(host);
        host.Peer.Send(FrameType.Ping, 0, new byte[8]);
        var stats = StatsMessage.Decode(host.Peer.Next(FrameType.Stats).Payload);
        Assert.Equal(1, stats.Running);
        Assert.InRange(stats.ResidentBytes, 1_000_000, long.MaxValue);
        host.Peer.Send(FrameType.Ping, 0, new byte[8]);
        host.Peer.Send(FrameType.Ping, 0, [1, 1, 1, 1, 1, 1, 1, 1]);
        Assert.DoesNotContain(UntilPong(host, 1), f => f.Type == FrameType.Stats); // Too soon for the next.
        time.Advance(TimeSpan.FromSeconds(3));
        host.Peer.Send(FrameType.Ping, 0, new byte[8]);
        host.Peer.Next(FrameType.Stats);
        host.Peer.Send(FrameType.Cancel, running, default);
    }

    [Fact]
    public async Task Drain_Idle_EndsAtOnce()
    {
        using var host = ScriptedHost.Load(Source);
        host.Peer.Send(FrameType.Drain, 0, default);
        Assert.Equal(ConnectionEndReason.Closed, (await host.Ended.Soon("the session")).Reason);
    }

    [Fact]
    public async Task Drain_WithRunningCalls_LetsThemFinishAndTakesNoMore()
    {
        using var host = ScriptedHost.Load(Source);
        var running = host.Invoke("wait", "1");
        Enter(host);
        host.Peer.Send(FrameType.Drain, 0, default);
        Assert.Equal(FailureCode.Draining, host.ErrorOf(host.Invoke("echo", "\"hi\"")).Code);
        Assert.False(host.Ended.IsCompleted);
        host.Peer.Send(FrameType.Cancel, running, default);
        Assert.Equal(FailureCode.Cancelled, host.ErrorOf(running).Code);
        Assert.Equal(ConnectionEndReason.Closed, (await host.Ended.Soon("the session")).Reason);
    }

    [Fact]
    public async Task Ended_HostGone_WhileAFunctionRuns()
    {
        using var host = ScriptedHost.Load(Source);
        host.Invoke("wait", "1");
        Enter(host);
        host.Peer.Dispose();
        Assert.Equal(ConnectionEndReason.PeerClosed, (await host.Ended.Soon("the session")).Reason);
    }

    private static void Enter(ScriptedHost host) =>
        Assert.True(host.Static<ManualResetEventSlim>("Gate", "Inside").Wait(Patience.Bound), "the function was not entered");

    private static string Whole(ScriptedHost host, uint stream)
    {
        var text = new System.Text.StringBuilder();
        while (true)
        {
            var frame = host.NextOf(stream);
            text.Append(frame.Text);
            if (frame.Type != FrameType.Data)
            {
                Assert.True(
                    frame.Type == FrameType.End, frame.Type == FrameType.Error ? ErrorMessage.Decode(frame.Payload).ToString() : frame.ToString());
                return text.ToString();
            }

            host.Peer.SendCredit(stream, frame.Payload.Length);
        }
    }

    private static List<Frame> UntilPong(ScriptedHost host, byte first = 0)
    {
        var frames = new List<Frame>();
        Frame frame;
        while ((frame = host.Peer.Next()).Type != FrameType.Pong || frame.Payload[0] != first)
        {
            frames.Add(frame);
        }

        return frames;
    }
}

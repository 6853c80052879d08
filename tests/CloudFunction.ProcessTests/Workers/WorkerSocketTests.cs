using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CloudFunction.ProcessTests.Harness;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.ProcessTests.Workers;

/// <summary>What comes over the workers' socket and should not.</summary>
public sealed class WorkerSocketTests
{
    private const int Megabyte = 1 << 20;

    // A connection that says nothing is closed after ten seconds; what can be seen to be wrong, at once.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(3);

    [SkippableFact]
    public async Task Accept_Garbage_IsClosedAndTheHostServesOnInBoundedMemory()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty").With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root);
        await using var load = new BackgroundLoad(host, "hello", 1);
        var worker = await host.WorkerOfAsync("faulty");
        var files = UnixProcess.OpenFiles(host.Pid);
        UnixProcess.ResetPeak(host.Pid);
        var before = UnixProcess.ResidentBytes(host.Pid);
        var random = RandomNumberGenerator.GetBytes(100_000);
        random[3] |= 0x80; // Its first length, at least, is no length.
        (string What, byte[] Bytes)[] garbage =
        [
            ("random bytes", random),
            ("HTTP", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray()),
            ("a frame of 4 GB", Frame(FrameType.Hello, [], uint.MaxValue)),
            ("a frame just too long", Frame(FrameType.Hello, [], FrameHeader.MaxPayloadBytes + 1)),
            ("a hello of 64 KB", Frame(FrameType.Hello, new byte[FrameHeader.MaxPayloadBytes])),
            ("a text that is longer than its frame", Frame(FrameType.Hello, [1, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f])),
            ("an unknown type", Frame((FrameType)200, [])),
            ("ready before hello", Frame(FrameType.Ready, [1, 2, 3])),
            ("no secret", Hello("w1", "")),
            ("a wrong secret", Hello("w1", new string('a', 64))),
            ("an unknown worker", Hello("w999999", new string('a', 64))),
            ("another version", Frame(FrameType.Hello, new HelloMessage(99, "w1", "a", 1).Encode())),
        ];

        for (var round = 0; round < 10; round++)
        {
            foreach (var (what, bytes) in garbage)
            {
                using var socket = await ConnectAsync(root);
                await SendAsync(socket, bytes);
                await AssertClosedAsync(socket, what);
            }
        }

        // A peer that ends in the middle of a frame, and one that never begins.
        using (var truncated = await ConnectAsync(root))
        {
            await SendAsync(truncated, Frame(FrameType.Hello, [1, 0], 100));
            truncated.Shutdown(SocketShutdown.Send);
            await AssertClosedAsync(truncated, "a truncated frame");
        }

        using var silent = await ConnectAsync(root);
        Assert.Equal(worker, await host.WorkerOfAsync("faulty"));
        var grown = UnixProcess.PeakBytes(host.Pid) - before;
        Assert.True(grown < 50L * Megabyte, $"The host grew by {grown / Megabyte} MB.");
        Assert.NotNull(host.Output.Find("A connection to the workers' socket was refused: "));
        silent.Dispose();
        await Eventually.BecomesAsync(
            () => UnixProcess.OpenFiles(host.Pid) <= files + 5, TimeSpan.FromSeconds(15),
            () => $"{UnixProcess.OpenFiles(host.Pid)} files are open, {files} were.");
        await load.AssertNoFailureAsync();
    }

    [SkippableFact]
    public async Task Frame_WorkerSendsGarbageInMidCall_Answers502AndTheWorkerIsReplaced()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var worker = await host.WorkerOfAsync("faulty");

        var answer = await host.InvokeAsync("faulty", "corrupt");

        answer.AssertError(HttpStatusCode.BadGateway, "WORKER_CRASHED");
        Assert.NotEqual(worker, await host.WorkerOfAsync("faulty"));
        Assert.Contains("broke the protocol", (await host.ProjectAsync("faulty")).GetProperty("last_error").GetString());
        Assert.False(UnixProcess.IsAlive(worker));
    }

    [SkippableFact]
    public async Task SocketDirectory_OtherUsers_CannotEnter()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no file modes; the folder is below the user's own.");
        if (!OperatingSystem.IsWindows())
        {
            using var root = new ContentRoot().With("hello", "hello");
            await using var host = await HostProcess.StartAsync(root);

            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(root.SocketDirectory!));
        }
    }

    private static byte[] Hello(string worker, string secret) =>
        Frame(FrameType.Hello, new HelloMessage(ProtocolVersion.Current, worker, secret, 1).Encode());

    private static byte[] Frame(FrameType type, byte[] payload, uint? length = null)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader((int)(length ?? (uint)payload.Length), 0, type, FrameFlags.None).Write(frame);
        payload.CopyTo(frame, FrameHeader.Size);
        return frame;
    }

    private static async Task<Socket> ConnectAsync(ContentRoot root)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(root.SocketDirectory!, "host")));
        return socket;
    }

    private static async Task SendAsync(Socket socket, byte[] bytes)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent));
            }
        }
        catch (SocketException)
        {
            // Closed before all of it was taken.
        }
    }

    private static async Task AssertClosedAsync(Socket socket, string what)
    {
        using var limit = new CancellationTokenSource(AtOnce);
        var buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) > 0)
            {
                // A ping may have been on its way.
            }
        }
        catch (SocketException)
        {
            // Reset: closed as well.
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"After {what} the connection was still open.");
        }
    }
}

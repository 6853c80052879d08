using System.Net.Sockets;
using SideBySide.Processes;

namespace SideBySide.RoundTrips;

/// <summary>
/// A blocking round trip between two processes over a bare Unix socket: the least that a call can cost once it runs in a process of
/// its own.
/// </summary>
internal sealed class EchoPeer : IAsyncDisposable
{
    public const int MessageBytes = 64;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sbs-");
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
    private readonly byte[] _message = new byte[MessageBytes];
    private readonly byte[] _echo = new byte[MessageBytes];
    private readonly ChildProcess _server;

    private EchoPeer()
    {
        Random.Shared.NextBytes(_message);
        _server = ChildProcess.StartDotnet("echo", typeof(Program).Assembly.Location, ["echo", "--socket", SocketPath]);
    }

    private string SocketPath => Path.Combine(_directory.FullName, "echo");

    public static async Task<EchoPeer> StartAsync(CancellationToken cancellationToken)
    {
        var peer = new EchoPeer();
        try
        {
            var endpoint = new UnixDomainSocketEndPoint(peer.SocketPath);
            await Poll.UntilAsync(
                "the echo's socket",
                _ => Task.FromResult(TryConnect(peer._socket, endpoint)),
                peer._server.ThrowIfExited,
                [peer._server],
                StartTimeout,
                cancellationToken);
            peer.RoundTrip();
            return peer._message.AsSpan().SequenceEqual(peer._echo) ? peer : throw new MeasurementException("The echo is not what was sent.");
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public double MedianMicroseconds(int roundTrips, CancellationToken cancellationToken) =>
        ClosedLoop.MedianMicroseconds(RoundTrip, roundTrips, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static string? TryConnect(Socket socket, UnixDomainSocketEndPoint endpoint)
    {
        try
        {
            socket.Connect(endpoint);
            return null;
        }
        catch (SocketException notYet)
        {
            return notYet.Message;
        }
    }

    private void RoundTrip()
    {
        _socket.Send(_message);
        for (var read = 0; read < MessageBytes;)
        {
            var count = _socket.Receive(_echo.AsSpan(read));
            read += count > 0 ? count : throw new MeasurementException($"The echo ended.\n{_server.Tail}");
        }
    }
}

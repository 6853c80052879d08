using System.Net.Sockets;
using BenchmarkDotNet.Attributes;

namespace CloudFunction.Benchmarks;

/// <summary>
/// A blocking round trip between two threads over a bare Unix socket: two system calls each way and one wake-up of a thread.
/// Nothing that goes through a socket is faster, so the connection's benchmarks are read against it.
/// </summary>
public class UnixSocketRoundTrip : IDisposable
{
    private byte[] _message = [];
    private DirectoryInfo? _directory;
    private Socket? _client;
    private Socket? _server;
    private Thread? _echo;

    [Params(64, 4096)]
    public int MessageBytes { get; set; }

    [GlobalSetup]
    public void Connect()
    {
        _message = new byte[MessageBytes];
        _directory = Directory.CreateTempSubdirectory("cfb-");
        var endpoint = new UnixDomainSocketEndPoint(Path.Combine(_directory.FullName, "echo"));

        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(endpoint);
        listener.Listen(1);
        _client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _client.Connect(endpoint);
        _server = listener.Accept();

        _echo = new Thread(Echo) { IsBackground = true, Name = "echo" };
        _echo.Start();

        _message.AsSpan().Fill(42);
        RoundTrip();
        if (_message.AsSpan().ContainsAnyExcept((byte)42))
        {
            throw new InvalidOperationException("The echo is not what was sent.");
        }
    }

    [Benchmark(Baseline = true)]
    public void RoundTrip()
    {
        _client!.Send(_message);
        ReceiveWhole(_client, _message);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _client?.Dispose();
        _echo?.Join();
        _server?.Dispose();
        _directory?.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private void Echo()
    {
        var buffer = new byte[MessageBytes];
        while (ReceiveWhole(_server!, buffer))
        {
            _server!.Send(buffer);
        }
    }

    private static bool ReceiveWhole(Socket socket, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var count = socket.Receive(buffer);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }
}

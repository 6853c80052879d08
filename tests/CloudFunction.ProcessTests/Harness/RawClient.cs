using System.Net.Sockets;
using System.Text;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>A client that sends just what it is told to, and reads only when it is told to.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;

    private RawClient(Socket socket) => _socket = socket;

    /// <param name="host">Whom to connect to.</param>
    /// <param name="receiveBufferBytes">How much the system takes for it while it does not read; null for the system's own choice.</param>
    public static async Task<RawClient> ConnectAsync(HostProcess host, int? receiveBufferBytes = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        return new RawClient(socket);
    }

    /// <summary>The head of a request.</summary>
    /// <param name="target">Method and path.</param>
    /// <param name="headers">Without line ends.</param>
    public static string Head(string target, params string[] headers) =>
        $"{target} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n";

    /// <summary>Sends bytes; false where the server has cut the connection.</summary>
    public async Task<bool> TrySendAsync(string text)
    {
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(text));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Reads until what came contains a text or the server has ended the connection.</summary>
    /// <returns>What came, and whether the connection was reset.</returns>
    public async Task<(string Text, bool IsReset)> ReadToEndAsync(string? until = null)
    {
        using var bound = new CancellationTokenSource(Bound);
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer, bound.Token) is var read and > 0)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
                if (until is not null && text.ToString().Contains(until, StringComparison.Ordinal))
                {
                    break;
                }
            }

            return (text.ToString(), false);
        }
        catch (SocketException)
        {
            return (text.ToString(), true);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The server did not end the connection. Came: {text.ToString()[..Math.Min(text.Length, 500)]}");
            throw;
        }
    }

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}

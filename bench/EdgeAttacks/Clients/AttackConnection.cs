using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeAttacks.Clients;

/// <summary>One connection of an attacker, and what became of it.</summary>
internal sealed class AttackConnection : IDisposable
{
    // What the kernel doubles, and raises to its own least: a client that takes as little as it can.
    private const int ReceiveBytes = 4096;

    // "HTTP/1.1 200": what is peeked at.
    private const int StatusOffset = 9;
    private const int StatusBytes = 12;

    private const int FirstErrorStatus = 400;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);

    private readonly Socket _socket;
    private readonly long _opened = Stopwatch.GetTimestamp();
    private readonly int _localPort;
    private bool _wasEstablished;

    private AttackConnection(Socket socket)
    {
        _socket = socket;
        _localPort = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>From the connection until the server ended it, or answered with what ends the attack.</summary>
    public TimeSpan? CutAfter { get; private set; }

    /// <summary>How: a status, or <c>closed</c>.</summary>
    public string? CutBy { get; private set; }

    private int? Status { get; set; }

    /// <returns>Null where the server does not take it.</returns>
    public static async Task<AttackConnection?> TryOpenAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = ReceiveBytes };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectLimit);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, limit.Token);
            return new AttackConnection(socket);
        }
        catch (Exception refused) when (refused is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <returns>False where the server has closed it; how is for <see cref="Check"/> to find.</returns>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, cancellationToken)..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Finds out whether it was cut.</summary>
    /// <param name="established">The clients whose connections the server has not closed; null where the connection's own end is enough.</param>
    /// <param name="endsWithAnswer">Whether any answer ends the attack, or only one that is an error.</param>
    public void Check(HashSet<int>? established, bool endsWithAnswer)
    {
        if (CutAfter is not null)
        {
            return;
        }

        try
        {
            Status ??= PeekStatus();
            if (Status is { } status && (endsWithAnswer || status >= FirstErrorStatus))
            {
                Cut(status.ToString(CultureInfo.InvariantCulture));
            }
            else if ((_wasEstablished && established?.Contains(_localPort) == false) || HasEnded())
            {
                Cut("closed");
            }
        }
        catch (SocketException)
        {
            Cut("closed"); // Reset, to be exact.
        }

        _wasEstablished |= established?.Contains(_localPort) == true;
    }

    /// <summary>Takes one byte of what has come, once the status is known.</summary>
    public void ReadByte()
    {
        try
        {
            if (CutAfter is null && Status is not null && _socket.Available > 0)
            {
                _socket.Receive(stackalloc byte[1]);
            }
        }
        catch (SocketException)
        {
            // Found by the next check.
        }
    }

    public void Dispose() => _socket.Dispose();

    private bool HasEnded() => _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0;

    private int? PeekStatus()
    {
        if (_socket.Available < StatusBytes)
        {
            return null;
        }

        Span<byte> head = stackalloc byte[StatusBytes];
        _socket.Receive(head, SocketFlags.Peek);
        return int.Parse(Encoding.ASCII.GetString(head[StatusOffset..]), CultureInfo.InvariantCulture);
    }

    private void Cut(string by)
    {
        CutAfter = Stopwatch.GetElapsedTime(_opened);
        CutBy = by;
    }
}

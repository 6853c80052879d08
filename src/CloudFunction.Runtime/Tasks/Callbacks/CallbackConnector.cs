using System.Net;
using System.Net.Sockets;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>
/// Connects to a callback's receiver. Its name is resolved once, every address that it has is checked, and those very addresses are
/// connected to: a name that has another address a moment later gains nothing by it.
/// </summary>
/// <param name="resolve">The addresses of a name; tests have their own.</param>
/// <param name="allowPrivate">See <see cref="SpecialAddresses.Refuse"/>.</param>
internal sealed class CallbackConnector(Func<string, CancellationToken, Task<IPAddress[]>> resolve, bool allowPrivate)
{
    private int _open;

    /// <summary>How many connections are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="CallbackRefusedException">One of the addresses must not be reached.</exception>
    /// <exception cref="SocketException">The name is not known, or nobody listens.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        foreach (var address in addresses)
        {
            // One bad address condemns the name: a public server has none, and whoever mixes them wants the choice to fall on it some day.
            if (SpecialAddresses.Refuse(address, allowPrivate) is { } what)
            {
                throw new CallbackRefusedException($"'{host}' leads to {what}; allowed are public addresses");
            }
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            Interlocked.Increment(ref _open);
            return new CallbackStream(socket, () => Interlocked.Decrement(ref _open));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

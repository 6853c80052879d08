using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace CloudFunction.AspNetCore.Connections;

/// <summary>Accepts connections within a <see cref="ConnectionBound"/>. Those beyond it wait in the kernel, where they take none of the process's
/// descriptors, but for the one whose turn is next.</summary>
/// <param name="sockets">Kestrel's own listener.</param>
/// <param name="bound">Who may come in.</param>
/// <param name="shortFrom">Sockets with this number or a higher one mean that descriptors are short; null where they have no limit.</param>
internal sealed class BoundedListener(IConnectionListener sockets, ConnectionBound bound, int? shortFrom) : IConnectionListener
{
    private readonly CancellationTokenSource _unbound = new();

    public EndPoint EndPoint => sockets.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (await sockets.AcceptAsync(cancellationToken).ConfigureAwait(false) is not { } transport)
        {
            return null;
        }

        try
        {
            await bound.EnterAsync(IsShort(transport), _unbound.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            transport.Abort(new ConnectionAbortedException("The server stops."));
            await transport.DisposeAsync().ConfigureAwait(false);
            return null; // Kestrel's sign that there will be no more.
        }

        return bound.Add(transport);
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync().ConfigureAwait(false);
        await sockets.UnbindAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await sockets.DisposeAsync().ConfigureAwait(false);
        _unbound.Dispose();
    }

    // A new descriptor gets the lowest number that is free, so a high one means that all below are taken.
    private bool IsShort(ConnectionContext transport) =>
        shortFrom is { } from && transport.Features.Get<IConnectionSocketFeature>() is { } feature && feature.Socket.Handle >= from;
}

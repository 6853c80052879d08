using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace CloudFunction.AspNetCore.Connections;

/// <summary>
/// A connection that holds a place of a <see cref="ConnectionBound"/> until it is disposed of, and knows whether a request is being handled on
/// it. It is a feature of its requests.
/// </summary>
internal sealed class BoundedConnection : ConnectionContext
{
    private readonly ConnectionContext _transport;
    private readonly ConnectionBound _bound;

    public BoundedConnection(ConnectionContext transport, ConnectionBound bound)
    {
        _transport = transport;
        _bound = bound;
        Node = new LinkedListNode<BoundedConnection>(this);
        transport.Features.Set(this);
    }

    /// <summary>Where it stands among the idle ones; the bound's, as all that follows.</summary>
    public LinkedListNode<BoundedConnection> Node { get; }

    /// <summary>How many requests are being handled; more than one with HTTP/2.</summary>
    public int Requests { get; set; }

    /// <summary>Whether a request has been answered.</summary>
    public bool HasServed { get; set; }

    /// <summary>Since when it is idle, as a timestamp.</summary>
    public long IdleSince { get; set; }

    /// <summary>Whether it was chosen to close.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Whether a newcomer counts on its place.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Whether it is aborted.</summary>
    public bool IsCut { get; set; }

    public override string ConnectionId
    {
        get => _transport.ConnectionId;
        set => _transport.ConnectionId = value;
    }

    public override IFeatureCollection Features => _transport.Features;

    public override IDictionary<object, object?> Items
    {
        get => _transport.Items;
        set => _transport.Items = value;
    }

    public override IDuplexPipe Transport
    {
        get => _transport.Transport;
        set => _transport.Transport = value;
    }

    public override CancellationToken ConnectionClosed
    {
        get => _transport.ConnectionClosed;
        set => _transport.ConnectionClosed = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => _transport.LocalEndPoint;
        set => _transport.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => _transport.RemoteEndPoint;
        set => _transport.RemoteEndPoint = value;
    }

    /// <summary>A request begins.</summary>
    /// <returns>False where the connection was cut, so that its answer would reach nobody.</returns>
    public bool TryBegin() => _bound.TryBegin(this);

    /// <summary>A request has been answered.</summary>
    public void End() => _bound.End(this);

    /// <summary>Gives its place up. One that has answered requests may answer the one that is on its way.</summary>
    public void Leave()
    {
        if (HasServed)
        {
            RequestClose();
        }
        else
        {
            Abort(Crowded());
        }
    }

    /// <summary>Ends it, if it has not done so when asked and is not handling a request.</summary>
    public void Cut()
    {
        if (_bound.TryCut(this))
        {
            Abort(Crowded());
        }
    }

    /// <summary>Has it close in good order, behind the requests that are being handled.</summary>
    public void RequestClose()
    {
        if (Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
        {
            lifetime.RequestClose();
        }
        else
        {
            Abort(Crowded());
        }
    }

    public override void Abort() => _transport.Abort();

    public override void Abort(ConnectionAbortedException abortReason) => _transport.Abort(abortReason);

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await _transport.DisposeAsync().ConfigureAwait(false);
            await base.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _bound.Remove(this);
        }
    }

    private static ConnectionAbortedException Crowded() => new("All connections of the server were open (MAX_CONNECTIONS), and this one was idle.");
}

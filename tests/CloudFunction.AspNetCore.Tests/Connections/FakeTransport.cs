using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace CloudFunction.AspNetCore.Tests.Connections;

/// <summary>A connection that only notes what is asked of it.</summary>
internal sealed class FakeTransport : DefaultConnectionContext, IConnectionLifetimeNotificationFeature
{
    public FakeTransport()
    {
        Features.Set(this);
        Features.Set<IConnectionLifetimeNotificationFeature>(this);
    }

    public bool IsAborted { get; private set; }

    /// <summary>Whether it was asked to close in good order.</summary>
    public bool IsRequested { get; private set; }

    public CancellationToken ConnectionClosedRequested { get; set; }

    public void RequestClose() => IsRequested = true;

    public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
}

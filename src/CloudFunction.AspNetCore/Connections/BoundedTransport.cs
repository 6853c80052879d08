using System.Net;
using CloudFunction.AspNetCore.Transfers;
using CloudFunction.Runtime.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudFunction.AspNetCore.Connections;

/// <summary>
/// Kestrel's transport over TCP and Unix domain sockets, with one bound for all addresses that are listened on. Kestrel asks the factory that was
/// registered last first, and its own for what this one does not take, such as the named pipes of Windows.
/// </summary>
internal sealed class BoundedTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets;
    private readonly ConnectionBound _bound;
    private readonly int? _shortFrom;

    public BoundedTransport(
        IOptions<SocketTransportOptions> options, DescriptorPlan plan, TransferWatch transfers, ILoggerFactory loggers, TimeProvider time)
    {
        _sockets = new SocketTransportFactory(options, loggers);
        var notice = new CrowdNotice(plan.Connections, time, loggers.CreateLogger<CrowdNotice>());
        _bound = new ConnectionBound(plan.Connections, transfers.CutSlowest, time, notice);
        _shortFrom = plan.Limit - DescriptorPlan.Spare;
    }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new BoundedListener(await _sockets.BindAsync(endpoint, cancellationToken).ConfigureAwait(false), _bound, _shortFrom);
}

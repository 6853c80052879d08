using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;
using CloudFunction.Runtime.Tasks.Dispatch;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting.Parts;

/// <summary>Keeps what this host has claimed in the stores, and frees what others have lost, for as long as the host runs.</summary>
internal sealed partial class LeasesPart(
    CloudFunctionOptions options, StoreOwner owner, ITaskStore tasks, ICallbackStore callbacks, IIdempotencyStore idempotency,
    TaskDispatcher dispatcher, TimeProvider time, ILogger<LeasesPart> logger) : IRuntimePart, IDisposable
{
    // So that one renewal may fail.
    private const int RenewalsPerLease = 3;

    private readonly IStoreLeases[] _stores = [.. new IStoreLeases[] { tasks, callbacks, idempotency }.Distinct()];
    private readonly StoreOutage _outage = new(time, reason => LogStoreFailed(logger, reason), () => LogStoreBack(logger));
    private readonly CancellationTokenSource _stopping = new();
    private Task _renewing = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _renewing = RenewAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        // What the workers' end has cut is stored as cut; where the disk is full, the next start does that.
        await dispatcher.WhenIdleAsync().WaitAsync(options.GracefulShutdownTimeout, time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(owner.Lease / RenewalsPerLease, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                await RenewOnceAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task RenewOnceAsync()
    {
        foreach (var store in _stores)
        {
            try
            {
                if (!await store.RenewAsync(owner, _stopping.Token).ConfigureAwait(false))
                {
                    LogLost(logger, owner.Lease.TotalSeconds);
                    dispatcher.LoseClaims();
                }

                _outage.Worked();
            }
            catch (TaskStoreException error)
            {
                _outage.Failed(error);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogUnexpected(logger, error); // The edge of one renewal: the next one follows.
            }
        }
    }
}

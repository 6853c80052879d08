using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>The callbacks of finished tasks: those that wait are known in memory (<see cref="DueCallbacks"/>).</summary>
internal sealed partial class SqliteTaskStore
{
    public Task<IReadOnlyList<Callback>> ClaimDueAsync(StoreOwner owner, int max, int maxPerHost, CancellationToken cancellationToken)
    {
        _leases.Renew(owner);
        return Task.FromResult(_callbacks.Claim(owner.Id, max, maxPerHost));
    }

    Task ICallbackStore.WaitForDueAsync(CancellationToken cancellationToken) => _callbacks.WaitAsync(cancellationToken);

    public Task SettleAsync(Callback callback, StoreOwner owner, CallbackSettlement settlement, CancellationToken cancellationToken) =>
        Opened.Writer.WriteAsync(
            0,
            tables => _callbacks.IsClaimed(callback, owner.Id)
                ? tables.Callbacks.Settle(callback.Id, settlement, _time.GetUtcNow().ToUnixTimeMilliseconds())
                : null,
            tries =>
            {
                _callbacks.Settle(callback, owner.Id, isFailing: settlement.State is CallbackState.Waiting or CallbackState.Failed);
                if (tries is { } count && settlement.State == CallbackState.Waiting)
                {
                    _callbacks.Add(callback with { Tries = count }, settlement.Delay);
                }
            },
            cancellationToken);

    public Task ReleaseAsync(Callback callback, StoreOwner owner, CancellationToken cancellationToken)
    {
        _callbacks.Release(callback, owner.Id);
        return Task.CompletedTask;
    }

    public Task AbandonAsync(Callback callback, StoreOwner owner, CancellationToken cancellationToken)
    {
        _callbacks.Settle(callback, owner.Id, isFailing: true);
        return Task.CompletedTask;
    }
}

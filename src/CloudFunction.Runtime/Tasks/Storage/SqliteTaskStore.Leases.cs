using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>Leases, in memory: one host at a time has the store's file, and what it claimed ends with it. See <see cref="TaskRecovery"/>.</summary>
internal sealed partial class SqliteTaskStore
{
    public async Task<bool> RenewAsync(StoreOwner owner, CancellationToken cancellationToken)
    {
        var isKept = _leases.Renew(owner, out var over);
        foreach (var lost in over)
        {
            _reserved.EndOf(lost);
            _callbacks.ReleaseOf(lost);
            foreach (var id in _due.ClaimsOf(lost))
            {
                await EndLostAsync(id, lost, cancellationToken).ConfigureAwait(false);
            }

            _leases.End(lost); // Where a claim could not be ended, the next renewal tries again.
        }

        return isKept;
    }

    private Task<FunctionTaskStatus?> EndLostAsync(TaskId id, Guid owner, CancellationToken cancellationToken)
    {
        Callback? callback = null;
        return Opened.Writer.WriteAsync(
            0,
            tables => _due.IsClaimed(id, owner) ? tables.EndLost(id, TaskRecovery.HostEnded, out callback) : null,
            status =>
            {
                OnEnded(id, owner, status, TaskRecovery.HostEnded.Delay, callback);
                _due.Return(id, owner, TimeSpan.Zero); // One that had not started.
            },
            cancellationToken);
    }
}

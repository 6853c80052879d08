using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Workers;

/// <summary>The pools between which a project's calls are divided, usually one, with the gate that lets those calls in. They sleep and wake together.
/// The supervisor's, in whose loop all of it runs.</summary>
/// <param name="gate">The project's places.</param>
/// <param name="pools">At least one.</param>
internal sealed class ServingPools(ConcurrencyGate gate, IReadOnlyList<WorkerPool> pools)
{
    private long _lastOpened;

    /// <summary>The project's places.</summary>
    public ConcurrencyGate Gate => gate;

    /// <summary>The pools.</summary>
    public IReadOnlyList<WorkerPool> Pools => pools;

    /// <summary>When there was last a call in them, as a timestamp.</summary>
    public long LastBusy { get; private set; }

    /// <summary>Counts as busy at this moment, where there was a call since the last check or is one now.</summary>
    /// <param name="now">The present, as a timestamp.</param>
    /// <returns>Whether there was.</returns>
    public bool TouchIfBusy(long now)
    {
        var opened = pools.Sum(pool => pool.Members.Sum(member => member.Link?.Opened ?? 0));
        if (opened == _lastOpened && gate.Running == 0 && gate.Waiting == 0)
        {
            return false;
        }

        Touch(now);
        _lastOpened = opened;
        return true;
    }

    /// <summary>Counts as busy at this moment.</summary>
    public void Touch(long now) => LastBusy = now;

    /// <summary>Lets calls in if any pool can take them.</summary>
    public void Refresh()
    {
        if (pools.Any(static pool => pool.CanTakeCalls))
        {
            gate.Open();
        }
        else if (pools.All(static pool => pool.Unhealthy is not null))
        {
            gate.Close(pools[0].Unhealthy!);
        }
        else
        {
            gate.Hold();
        }
    }
}

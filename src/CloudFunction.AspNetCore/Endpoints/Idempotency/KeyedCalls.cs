using System.Collections.Concurrent;
using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.AspNetCore.Endpoints.Idempotency;

/// <summary>The synchronous calls that run in this host, by their Idempotency-Keys, so that those with one key share an answer that is held
/// once; and how many others wait for those of each project. Thread safe.</summary>
/// <param name="plan">How many may wait.</param>
internal sealed class KeyedCalls(DescriptorPlan plan)
{
    private readonly ConcurrentDictionary<string, KeyedCall> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _waiting = new(StringComparer.Ordinal);

    /// <summary>How many run.</summary>
    public int Count => _running.Count;

    /// <summary>How many others wait for them.</summary>
    public int Waiting
    {
        get
        {
            lock (_waiting)
            {
                return _waiting.Values.Sum();
            }
        }
    }

    /// <summary>How many may wait for those of one project.</summary>
    public int MaxWaiting => plan.Waiting;

    /// <summary>The call that runs under a key, which the caller is to leave in the end. Where none did it is the caller's own, which has
    /// to be ended by <see cref="End"/> too.</summary>
    public KeyedCall Join(IdempotencyKey key, out bool isFirst)
    {
        var own = new KeyedCall(key);
        while (true)
        {
            var running = _running.GetOrAdd(key.Name, own);
            isFirst = ReferenceEquals(running, own);
            if (isFirst || running.TryEnter())
            {
                return running;
            }
        }
    }

    /// <summary>Ends the caller's own call.</summary>
    public void End(IdempotencyKey key, KeyedCall call, KeyedOutcome? outcome)
    {
        _running.TryRemove(new KeyValuePair<string, KeyedCall>(key.Name, call));
        call.End(outcome);
    }

    /// <summary>Takes a place among those that wait for calls of a project.</summary>
    public bool TryWait(string project)
    {
        lock (_waiting)
        {
            var count = _waiting.GetValueOrDefault(project);
            if (count >= plan.Waiting)
            {
                return false;
            }

            _waiting[project] = count + 1;
            return true;
        }
    }

    /// <summary>Gives it back.</summary>
    public void EndWait(string project)
    {
        lock (_waiting)
        {
            if (--_waiting[project] == 0)
            {
                _waiting.Remove(project);
            }
        }
    }
}

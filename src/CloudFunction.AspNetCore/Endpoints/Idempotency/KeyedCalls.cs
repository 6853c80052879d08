using System.Collections.Concurrent;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.AspNetCore.Endpoints.Idempotency;

/// <summary>The synchronous calls that run now, by their Idempotency-Keys, so that of several with one key a single one runs. Thread safe.</summary>
internal sealed class KeyedCalls
{
    private readonly ConcurrentDictionary<string, KeyedCall> _running = new(StringComparer.Ordinal);

    /// <summary>How many run.</summary>
    public int Count => _running.Count;

    /// <summary>The call that runs under a key. Where none did it is the caller's own, which has to be ended by <see cref="End"/>.</summary>
    public KeyedCall Join(IdempotencyKey key, out bool isFirst)
    {
        var own = new KeyedCall(key);
        var running = _running.GetOrAdd(NameOf(key), own);
        isFirst = ReferenceEquals(running, own);
        return running;
    }

    /// <summary>Ends the caller's own call.</summary>
    public void End(IdempotencyKey key, KeyedCall call, StoredAnswer? answer)
    {
        _running.TryRemove(new KeyValuePair<string, KeyedCall>(NameOf(key), call));
        call.End(answer);
    }

    private static string NameOf(IdempotencyKey key) => Convert.ToHexString(key.Scope);
}

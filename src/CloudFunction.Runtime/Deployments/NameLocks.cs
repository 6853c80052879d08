using System.Collections.Concurrent;

namespace CloudFunction.Runtime.Deployments;

/// <summary>Lets one operation at a time do something under a name, whether there is anything of that name yet or not. Thread safe.</summary>
internal sealed class NameLocks
{
    // Never removed: valid names that an operator uses are few, and each costs less than its project's folder.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _locks = new(StringComparer.Ordinal);

    /// <summary>Waits for its turn and does it.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled while it waited.</exception>
    public Task RunAsync(string name, Func<Task> operation, CancellationToken cancellationToken) => RunAsync(
        name,
        async () =>
        {
            await operation().ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>Waits for its turn and does it.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled while it waited.</exception>
    public async Task<T> RunAsync<T>(string name, Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        var turn = Of(name);
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await operation().ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Does something at once, or not at all where something else is being done.</summary>
    public async Task TryRunAsync(string name, Func<Task> operation)
    {
        var turn = Of(name);
        if (!turn.Wait(0, CancellationToken.None))
        {
            return;
        }

        try
        {
            await operation().ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    private SemaphoreSlim Of(string name) => _locks.GetOrAdd(name, static _ => new SemaphoreSlim(1, 1));
}

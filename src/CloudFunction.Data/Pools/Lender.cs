using System.Data;
using System.Data.Common;
using CloudFunction.Data.Providers;
using CloudFunction.Data.Settings;

namespace CloudFunction.Data.Pools;

/// <summary>Bounds how many connections are lent, and knows how many are. Thread safe.</summary>
internal sealed class Lender(string name, DatabasePoolSetup setup) : IAsyncDisposable
{
    private readonly DatabaseSettings _settings = setup.Settings;
    private readonly SemaphoreSlim _places = new(setup.Settings.PoolSize + setup.Settings.MaxOverflow);
    private int _kept;
    private int _passing;
    private int _waiting;

    public DatabaseProvider Provider => _settings.Provider;

    public DatabaseSource Source => setup.Source;

    public DatabasePoolStatus GetStatus(bool isClosed)
    {
        var (kept, passing) = (Volatile.Read(ref _kept), Volatile.Read(ref _passing));
        return new DatabasePoolStatus(
            _settings.PoolSize, _settings.MaxOverflow, kept + passing, Source.Idle, passing, Volatile.Read(ref _waiting), isClosed);
    }

    /// <summary>An open connection, once there is a place for it.</summary>
    /// <exception cref="DatabasePoolTimeoutException">There was none in time.</exception>
    public async ValueTask<DbConnection> LendAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        bool hasPlace;
        try
        {
            hasPlace = await _places.WaitAsync(_settings.PoolTimeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        var connection = Take(hasPlace, out var release);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            release();
            throw;
        }
    }

    /// <summary>As <see cref="LendAsync"/>, on the caller's thread.</summary>
    public DbConnection Lend()
    {
        Interlocked.Increment(ref _waiting);
        bool hasPlace;
        try
        {
            hasPlace = _places.Wait(_settings.PoolTimeout);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        var connection = Take(hasPlace, out var release);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            release();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync().ConfigureAwait(false);
        _places.Dispose();
    }

    private DbConnection Take(bool hasPlace, out Action release)
    {
        if (!hasPlace)
        {
            throw new DatabasePoolTimeoutException(name, GetStatus(isClosed: false), _settings.PoolTimeout);
        }

        var isKept = TryKeep();
        var released = 0;
        release = Release;
        try
        {
            var connection = Source.Create(isKept);
            connection.StateChange += (_, change) =>
            {
                if (change is { OriginalState: not ConnectionState.Connecting, CurrentState: ConnectionState.Closed })
                {
                    Release();
                }
            };
            connection.Disposed += (_, _) => Release(); // Of one that broke, too.
            return connection;
        }
        catch
        {
            Release();
            throw;
        }

        void Release()
        {
            if (Interlocked.Exchange(ref released, 1) == 0)
            {
                Interlocked.Decrement(ref isKept ? ref _kept : ref _passing);
                _places.Release();
            }
        }
    }

    private bool TryKeep()
    {
        while (Volatile.Read(ref _kept) is var kept && kept < _settings.PoolSize)
        {
            if (Interlocked.CompareExchange(ref _kept, kept + 1, kept) == kept)
            {
                return true;
            }
        }

        Interlocked.Increment(ref _passing);
        return false;
    }
}

using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using CloudFunction.Data.Pools;

namespace CloudFunction.Data;

/// <summary>
/// A database of the project with its connections. It lends the provider's own (<c>NpgsqlConnection</c>, <c>MySqlConnection</c>,
/// <c>SqliteConnection</c>): up to DB_POOL_SIZE that stay open, and up to DB_MAX_OVERFLOW more that are closed when they come back. A
/// caller who finds none free waits. Dispose of a connection to give it back. Thread safe.
/// </summary>
/// <remarks>What <see cref="DbDataSource.CreateConnection"/> makes counts for the provider's pool alone: open connections with
/// <see cref="DbDataSource.OpenConnectionAsync"/>.</remarks>
public sealed class DatabasePool : DbDataSource
{
    private readonly Func<DatabasePoolSetup> _make;
    private readonly Lock _making = new();
    private Lender? _lender;
    private bool _isClosed;

    internal DatabasePool(string name, Func<DatabasePoolSetup> make)
    {
        Name = name;
        _make = make;
    }

    /// <summary>The name that it was added under; <c>default</c> for the project's main database.</summary>
    public string Name { get; }

    /// <summary>The kind of database.</summary>
    /// <exception cref="DatabaseConfigurationException">The environment has no valid description of it.</exception>
    public DatabaseProvider Provider => Lender().Provider;

    /// <summary>The file, or user, host and database. No password is in it.</summary>
    /// <exception cref="DatabaseConfigurationException">The environment has no valid description of it.</exception>
    public override string ConnectionString => Lender().Source.Description;

    /// <summary>The provider's own data source, <c>NpgsqlDataSource</c> or <c>MySqlDataSource</c>, for libraries that ask for it; null for
    /// SQLite. It shares the connections that stay open; what it lends is not in <see cref="DatabasePoolStatus.InUse"/>.</summary>
    /// <exception cref="DatabaseConfigurationException">The environment has no valid description of it.</exception>
    public DbDataSource? Native => Lender().Source.Native;

    /// <summary>The pool as it is now.</summary>
    /// <exception cref="DatabaseConfigurationException">The environment has no valid description of it.</exception>
    public DatabasePoolStatus GetStatus() => Lender().GetStatus(Volatile.Read(ref _isClosed));

    /// <summary>Closes all idle connections, has those in use closed when they come back, and lends again if it was closed.</summary>
    public ValueTask ResetAsync()
    {
        Volatile.Write(ref _isClosed, false);
        return Lender().Source.ClearAsync();
    }

    /// <summary>Closes all idle connections and lends no more until <see cref="ResetAsync"/>. Those in use stay until they are given back.</summary>
    public ValueTask CloseAsync()
    {
        Volatile.Write(ref _isClosed, true);
        return Lender().Source.ClearAsync();
    }

    /// <summary>Opens a connection and asks the database for nothing in particular.</summary>
    /// <returns>Whether it answered, how long that took, and if not why.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever is wrong is the answer.")]
    public async ValueTask<DatabaseHealth> CheckHealthAsync(CancellationToken cancellationToken = default)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var connection = await OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            var command = connection.CreateCommand();
            await using var __ = command.ConfigureAwait(false);
            command.CommandText = "SELECT 1";
            await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
            return new DatabaseHealth(true, Stopwatch.GetElapsedTime(began), null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new DatabaseHealth(false, Stopwatch.GetElapsedTime(began), exception);
        }
    }

    /// <inheritdoc/>
    protected override DbConnection CreateDbConnection() => Open().Source.Create(isKept: true);

    /// <inheritdoc/>
    protected override DbConnection OpenDbConnection() => Open().Lend();

    /// <inheritdoc/>
    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) =>
        Open().LendAsync(cancellationToken);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _lender?.DisposeAsync().AsTask().GetAwaiter().GetResult(); // A container that is disposed of without await.
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore()
    {
        if (_lender is { } lender)
        {
            await lender.DisposeAsync().ConfigureAwait(false);
        }

        await base.DisposeAsyncCore().ConfigureAwait(false);
    }

    private Lender Open() => Volatile.Read(ref _isClosed) ? throw new DatabasePoolClosedException(Name) : Lender();

    // At the first use: a project that never asks loads no provider, and its mistakes are reported to the one that does.
    private Lender Lender()
    {
        lock (_making)
        {
            return _lender ??= new Lender(Name, _make());
        }
    }
}

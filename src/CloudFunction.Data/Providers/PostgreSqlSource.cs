using System.Data.Common;
using CloudFunction.Data.Settings;
using Npgsql;

namespace CloudFunction.Data.Providers;

/// <summary>PostgreSQL.</summary>
internal sealed class PostgreSqlSource : DatabaseSource
{
    private readonly NpgsqlDataSource _kept;
    private readonly NpgsqlDataSource _passing;
    private readonly IdleGauge _idle;

    public PostgreSqlSource(DatabaseSettings settings, string pool)
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = settings.Host,
            Port = settings.Port,
            Username = settings.User,
            Password = settings.Password,
            Database = settings.Name,
            MaxPoolSize = settings.PoolSize,
            Timeout = ConnectTimeoutSeconds,
            ConnectionLifetime = (int)(settings.PoolRecycle?.TotalSeconds ?? 0),
            ApplicationName = pool,
        };
        Description = $"{settings.User}@{settings.Host}:{settings.Port}/{settings.Name}";
        var name = $"{pool}-{Guid.NewGuid():n}";
        _idle = new IdleGauge("Npgsql", "db.client.connection.count", "db.client.connection.pool.name", "db.client.connection.state", name);
        _kept = new NpgsqlDataSourceBuilder(text.ConnectionString) { Name = name }.Build();
        text.Pooling = false;
        _passing = new NpgsqlDataSourceBuilder(text.ConnectionString).Build();
    }

    public override string Description { get; }

    public override int? Idle => _idle.Read();

    public override DbDataSource Native => _kept;

    public override DbConnection Create(bool isKept) => (isKept ? _kept : _passing).CreateConnection();

    public override ValueTask ClearAsync()
    {
        _kept.Clear();
        return default;
    }

    public override async ValueTask DisposeAsync()
    {
        await _kept.DisposeAsync().ConfigureAwait(false);
        await _passing.DisposeAsync().ConfigureAwait(false);
        _idle.Dispose();
    }
}

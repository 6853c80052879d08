using System.Data.Common;
using CloudFunction.Data.Settings;
using MySqlConnector;

namespace CloudFunction.Data.Providers;

/// <summary>MySQL and MariaDB.</summary>
internal sealed class MySqlSource : DatabaseSource
{
    private readonly string _keptText;
    private readonly string _name;
    private readonly MySqlDataSource _passing;
    private readonly IdleGauge _idle;
    private MySqlDataSource _kept;

    public MySqlSource(DatabaseSettings settings, string pool)
    {
        _name = $"{pool}-{Guid.NewGuid():n}";
        var text = new MySqlConnectionStringBuilder
        {
            Server = settings.Host,
            Port = (uint)settings.Port,
            UserID = settings.User,
            Password = settings.Password,
            Database = settings.Name,
            MaximumPoolSize = (uint)settings.PoolSize,
            ConnectionTimeout = ConnectTimeoutSeconds,
            ConnectionLifeTime = (uint)(settings.PoolRecycle?.TotalSeconds ?? 0),
            ApplicationName = pool,
        };
        Description = $"{settings.User}@{settings.Host}:{settings.Port}/{settings.Name}";
        _idle = new IdleGauge("MySqlConnector", "db.client.connections.usage", "pool.name", "state", _name);
        _keptText = text.ConnectionString;
        _kept = MakeKept();
        text.Pooling = false;
        _passing = new MySqlDataSourceBuilder(text.ConnectionString).Build();
    }

    public override string Description { get; }

    public override int? Idle => _idle.Read();

    public override DbDataSource Native => _kept;

    public override DbConnection Create(bool isKept) => (isKept ? _kept : _passing).CreateConnection();

    // A data source of MySqlConnector has no other way to clear its pool than its end, which those in use outlive until they come back.
    public override ValueTask ClearAsync() => Interlocked.Exchange(ref _kept, MakeKept()).DisposeAsync();

    public override async ValueTask DisposeAsync()
    {
        await _kept.DisposeAsync().ConfigureAwait(false);
        await _passing.DisposeAsync().ConfigureAwait(false);
        _idle.Dispose();
    }

    private MySqlDataSource MakeKept() => new MySqlDataSourceBuilder(_keptText).UseName(_name).Build();
}

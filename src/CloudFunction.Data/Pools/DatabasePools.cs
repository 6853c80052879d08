using CloudFunction.Data.Providers;
using CloudFunction.Data.Settings;
using Microsoft.Extensions.Configuration;

namespace CloudFunction.Data.Pools;

/// <summary>The pools that a project has added.</summary>
internal sealed class DatabasePools : IDatabasePools, IAsyncDisposable
{
    private readonly Dictionary<string, DatabasePool> _pools = new(StringComparer.OrdinalIgnoreCase);

    public DatabasePools(IConfiguration configuration, FunctionProject project, IEnumerable<DatabaseName> names)
    {
        foreach (var name in names)
        {
            _pools.TryAdd(name.Value, new DatabasePool(name.Value, () => Make(configuration, project, name.Value)));
        }
    }

    public IReadOnlyCollection<DatabasePool> All => _pools.Values;

    public DatabasePool Get(string? name = null) => _pools.TryGetValue(name ?? DatabaseName.Main, out var pool) ? pool
        : throw new DatabaseConfigurationException($"There is no database '{name ?? DatabaseName.Main}': add it in the startup with "
            + $"services.AddDatabase({(name is null ? "" : $"\"{name}\"")}).");

    public async ValueTask ResetAllAsync()
    {
        foreach (var pool in _pools.Values)
        {
            await pool.ResetAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask CloseAllAsync()
    {
        foreach (var pool in _pools.Values)
        {
            await pool.CloseAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pool in _pools.Values)
        {
            await pool.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static DatabasePoolSetup Make(IConfiguration configuration, FunctionProject project, string name)
    {
        var settings = DatabaseSettingsReader.Read(configuration, project, name == DatabaseName.Main ? null : name);
        return new DatabasePoolSetup(settings, settings.Provider switch
        {
            DatabaseProvider.PostgreSql => MakePostgreSql(settings, project.Name),
            DatabaseProvider.MySql => MakeMySql(settings, project.Name),
            _ => MakeSqlite(settings),
        });
    }

    // A method each, so that the assembly of the one that is used is the only one that is loaded.
    private static PostgreSqlSource MakePostgreSql(DatabaseSettings settings, string project) => new PostgreSqlSource(settings, project);

    private static MySqlSource MakeMySql(DatabaseSettings settings, string project) => new MySqlSource(settings, project);

    private static SqliteSource MakeSqlite(DatabaseSettings settings) => new SqliteSource(settings);
}

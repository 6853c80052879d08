using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Data.Tests;

/// <summary>A project's services with a database, as its startup makes them.</summary>
internal sealed class DataProject : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private DataProject(IEnumerable<KeyValuePair<string, string?>> environment, string?[] names)
    {
        DataDirectory = Directory.CreateTempSubdirectory("cloudfunction-data-").FullName;
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(environment).Build())
            .AddSingleton(new FunctionProject { Name = "shop", Version = 1, DataDirectory = DataDirectory });
        foreach (var name in names)
        {
            services.AddDatabase(name);
        }

        services.AddDatabaseContext<NotesContext>();

        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public string DataDirectory { get; }

    public IServiceProvider Services => _services;

    public IDatabasePools Pools => _services.GetRequiredService<IDatabasePools>();

    public DatabasePool Pool => Pools.Get();

    public DbDataSource Source => _services.GetRequiredService<DbDataSource>();

    /// <summary>A project whose environment is this, the later ones winning.</summary>
    public static DataProject With(IReadOnlyDictionary<string, string?> environment, params (string Name, string Value)[] more)
    {
        var all = new Dictionary<string, string?>(environment);
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return new DataProject(all, [null]);
    }

    /// <summary>A project with several databases.</summary>
    public static DataProject Named(IReadOnlyDictionary<string, string?> environment, params string?[] names) => new(environment, names);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }
}

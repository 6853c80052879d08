using System.Data.Common;
using CloudFunction.Data;
using CloudFunction.Data.Pools;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers databases with a project.</summary>
public static class DatabaseServiceCollectionExtensions
{
    /// <summary>
    /// Gives functions a pooled <see cref="DbDataSource"/> from the project's environment (<c>DB_*</c>): without any, a SQLite file in the
    /// project's data directory. <see cref="IDatabasePools"/> looks after it. What is wrong in the environment is reported at the first use.
    /// </summary>
    /// <param name="services">The project's services.</param>
    /// <param name="name">Null for the project's main database. Any other is a keyed service,
    /// <c>[FromKeyedServices("reports")] DbDataSource</c>, whose variables begin with its name: <c>REPORTS_DB_HOST</c>.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddDatabase(this IServiceCollection services, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton(new DatabaseName(name ?? DatabaseName.Main));
        services.TryAddSingleton<IDatabasePools, DatabasePools>();
        if (name is null)
        {
            services.TryAddSingleton<DbDataSource>(static provider => provider.GetRequiredService<IDatabasePools>().Get());
        }
        else
        {
            services.TryAddKeyedSingleton<DbDataSource>(
                name, static (provider, key) => provider.GetRequiredService<IDatabasePools>().Get((string)key!));
        }

        return services;
    }
}

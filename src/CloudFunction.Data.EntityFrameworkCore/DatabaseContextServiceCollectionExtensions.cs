using System.Diagnostics.CodeAnalysis;
using CloudFunction.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers contexts of Entity Framework Core with a project.</summary>
public static class DatabaseContextServiceCollectionExtensions
{
    /// <summary>
    /// Gives each invocation a <typeparamref name="TContext"/> on a database that <c>AddDatabase</c> has added, SQLite or PostgreSQL. On
    /// PostgreSQL it shares the connections that the pool keeps open.
    /// </summary>
    /// <typeparam name="TContext">A context with a constructor that takes its options.</typeparam>
    /// <param name="services">The project's services.</param>
    /// <param name="name">The name that the database was added under. Null: the project's main one.</param>
    /// <param name="configure">What else to set.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>On MySQL making the context throws <see cref="NotSupportedException"/>: there is no provider for EF Core 10 yet. Use Dapper on the
    /// <c>DbDataSource</c> there.</remarks>
    public static IServiceCollection AddDatabaseContext<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors
            | DynamicallyAccessedMemberTypes.NonPublicConstructors
            | DynamicallyAccessedMemberTypes.PublicProperties)] TContext>(
        this IServiceCollection services, string? name = null, Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddDbContext<TContext>((provider, options) =>
        {
            Use(options, provider.GetRequiredService<IDatabasePools>().Get(name));
            configure?.Invoke(options);
        });
    }

    private static void Use(DbContextOptionsBuilder options, DatabasePool pool)
    {
        switch (pool.Provider)
        {
            case DatabaseProvider.Sqlite:
                options.UseSqlite(new SqliteConnectionStringBuilder { DataSource = pool.ConnectionString, ForeignKeys = true }.ConnectionString);
                break;
            case DatabaseProvider.PostgreSql:
                options.UseNpgsql((NpgsqlDataSource)pool.Native!);
                break;
            default:
                throw new NotSupportedException(
                    "There is no Entity Framework Core 10 provider for MySQL and MariaDB yet: use Dapper on the DbDataSource, or "
                    + "another DB_PROVIDER.");
        }
    }
}

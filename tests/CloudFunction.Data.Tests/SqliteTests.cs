using CloudFunction.Data.Tests.Servers;

namespace CloudFunction.Data.Tests;

public sealed class SqliteTests(SqliteFile database) : DatabaseTests(database), IClassFixture<SqliteFile>
{
    [SkippableFact]
    public async Task Open_LendsTheProvidersOwnConnection()
    {
        Skip.If(database.Missing is not null, database.Missing);
        await using var project = DataProject.With(database.Environment);

        await using var connection = await project.Source.OpenConnectionAsync();

        Assert.Equal("SqliteConnection", connection.GetType().Name);
        Assert.Equal(DatabaseProvider.Sqlite, project.Pool.Provider);
    }

    [SkippableFact]
    public Task Context_OfEntityFramework_KeepsEntitiesOrNoneOfThem() => ContextKeepsEntitiesOrNoneOfThem();
}

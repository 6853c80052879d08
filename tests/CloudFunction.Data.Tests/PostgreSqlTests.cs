using CloudFunction.Data.Tests.Servers;

namespace CloudFunction.Data.Tests;

public sealed class PostgreSqlTests(PostgreSqlServer database) : ServerTests(database), IClassFixture<PostgreSqlServer>
{
    [SkippableFact]
    public async Task Open_LendsTheProvidersOwnConnection()
    {
        Skip.If(database.Missing is not null, database.Missing);
        await using var project = DataProject.With(database.Environment);

        await using var connection = await project.Source.OpenConnectionAsync();

        Assert.Equal("NpgsqlConnection", connection.GetType().Name);
        Assert.Equal(DatabaseProvider.PostgreSql, project.Pool.Provider);
    }

    [SkippableFact]
    public Task Context_OfEntityFramework_KeepsEntitiesOrNoneOfThem() => ContextKeepsEntitiesOrNoneOfThem();
}

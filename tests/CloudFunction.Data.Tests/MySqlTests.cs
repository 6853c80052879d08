using CloudFunction.Data.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Data.Tests;

public sealed class MySqlTests(MariaDbServer database) : ServerTests(database), IClassFixture<MariaDbServer>
{
    [SkippableFact]
    public async Task Open_LendsTheProvidersOwnConnection()
    {
        Skip.If(database.Missing is not null, database.Missing);
        await using var project = DataProject.With(database.Environment);

        await using var connection = await project.Source.OpenConnectionAsync();

        Assert.Equal("MySqlConnection", connection.GetType().Name);
        Assert.Equal(DatabaseProvider.MySql, project.Pool.Provider);
    }

    [SkippableFact]
    public async Task Context_OfEntityFramework_SaysWhatToUseInstead()
    {
        Skip.If(database.Missing is not null, database.Missing);
        await using var project = DataProject.With(database.Environment);
        await using var scope = project.Services.CreateAsyncScope();

        Assert.Contains(
            "use Dapper",
            Assert.Throws<NotSupportedException>(() => scope.ServiceProvider.GetRequiredService<NotesContext>()).Message,
            StringComparison.Ordinal);
    }
}

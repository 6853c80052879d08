using System.Data.Common;
using CloudFunction.Data.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Data.Tests;

public sealed class SettingsTests
{
    private static readonly string DataDirectory = Path.Combine(Path.GetTempPath(), "data-of-shop");

    [Fact]
    public void Read_OfNothing_IsAFileOfTheProjects()
    {
        var settings = Read([]);

        Assert.Equal((DatabaseProvider.Sqlite, Path.Combine(DataDirectory, "data.db")), (settings.Provider, settings.Name));
        Assert.Equal(
            (20, 10, TimeSpan.FromSeconds(30), TimeSpan.FromHours(1)),
            (settings.PoolSize, settings.MaxOverflow, settings.PoolTimeout, settings.PoolRecycle));
    }

    [Theory]
    [InlineData(null, DatabaseProvider.MySql, 3306)]
    [InlineData("mariadb", DatabaseProvider.MySql, 3306)]
    [InlineData("MySQL", DatabaseProvider.MySql, 3306)]
    [InlineData("postgres", DatabaseProvider.PostgreSql, 5432)]
    [InlineData("postgresql", DatabaseProvider.PostgreSql, 5432)]
    public void Read_WithAHost_IsTheServerThatIsSaid(string? provider, DatabaseProvider expected, int port)
    {
        var settings = Read(new() { ["DB_PROVIDER"] = provider, ["DB_HOST"] = "db.local", ["DB_USER"] = "u", ["DB_NAME"] = "n", ["DB_PORT"] = " " });

        Assert.Equal((expected, "db.local", port), (settings.Provider, settings.Host, settings.Port));
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("500ms", 0.5)]
    [InlineData("2m", 120)]
    [InlineData("1.5h", 5400)]
    [InlineData("1d", 86400)]
    [InlineData("7 s", 7)]
    public void Read_OfADuration_TakesItsUnit(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read(new() { ["DB_POOL_RECYCLE"] = text }).PoolRecycle);

    [Fact]
    public void Read_WithMuchWrong_SaysAllOfIt()
    {
        var message = Assert.Throws<DatabaseConfigurationException>(() => Read(new()
        {
            ["DB_PROVIDER"] = "postgres",
            ["DB_PORT"] = "70000",
            ["DB_PASSWORD"] = "hush",
            ["DB_POOL_SIZE"] = "0",
            ["DB_MAX_OVERFLOW"] = "-1",
            ["DB_POOL_TIMEOUT"] = "soon",
        })).Message;

        foreach (var problem in new[]
        {
            "DB_NAME is missing", "DB_USER is missing", "DB_PORT is '70000': set a whole number from 1 to 65535",
            "DB_POOL_SIZE is '0': set a whole number from 1 to 1000",
            "DB_MAX_OVERFLOW is '-1': set a whole number from 0 to 1000", "DB_POOL_TIMEOUT is 'soon': set seconds",
        })
        {
            Assert.Contains(problem, message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("hush", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DB_PROVIDER", "oracle", "DB_PROVIDER is 'oracle': set sqlite, postgresql or mysql")]
    [InlineData("DB_POOL_TIMEOUT", "0", "DB_POOL_TIMEOUT is '0': set a duration above 0")]
    public void Read_OfABadValue_SaysWhatIsRight(string variable, string value, string problem) =>
        Assert.Contains(
            problem, Assert.Throws<DatabaseConfigurationException>(() => Read(new() { [variable] = value })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Database_ThatIsWronglySet_IsToldAtTheFirstUseAlone()
    {
        await using var project = DataProject.With(new Dictionary<string, string?> { ["DB_PROVIDER"] = "oracle" });
        var source = project.Source; // Not here yet.

        await Assert.ThrowsAsync<DatabaseConfigurationException>(() => source.OpenConnectionAsync().AsTask());
    }

    [Fact]
    public async Task Databases_WithNames_HaveVariablesAndFilesOfTheirOwn()
    {
        await using var project = DataProject.Named(new Dictionary<string, string?> { ["REPORTS_OLD_DB_POOL_SIZE"] = "3" }, null, "reports-old");
        var reports = project.Services.GetRequiredKeyedService<DbDataSource>("reports-old");
        await using (await reports.OpenConnectionAsync())
        await using (await project.Source.OpenConnectionAsync())
        {
            Assert.Equal((3, 20), (project.Pools.Get("reports-old").GetStatus().Size, project.Pool.GetStatus().Size));
        }

        Assert.True(File.Exists(Path.Combine(project.DataDirectory, "reports-old.db")));
        Assert.True(File.Exists(Path.Combine(project.DataDirectory, "data.db")));
        Assert.Equal(2, project.Pools.All.Count);
        Assert.Contains(
            "services.AddDatabase(\"none\")",
            Assert.Throws<DatabaseConfigurationException>(() => project.Pools.Get("none")).Message,
            StringComparison.Ordinal);
    }

    private static DatabaseSettings Read(Dictionary<string, string?> environment) => DatabaseSettingsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(environment).Build(),
        new FunctionProject { Name = "shop", Version = 1, DataDirectory = DataDirectory }, null);
}

using System.Data.Common;
using CloudFunction.Data.Tests.Servers;
using Dapper;

namespace CloudFunction.Data.Tests;

/// <summary>What a database on a server has to do besides.</summary>
public abstract class ServerTests(ITestServer database) : DatabaseTests(database)
{
    [SkippableFact]
    public async Task Server_RestartedInMidUse_IsUsedAgain()
    {
        await using var project = await StartAsync(("DB_POOL_SIZE", "4"));
        await using var held = await project.Source.OpenConnectionAsync();
        await CloseAsync(await OpenAsync(project, 3)); // Idle ones, which the restart cuts.

        await database.RestartAsync();

        await Assert.ThrowsAnyAsync<DbException>(() => held.ExecuteScalarAsync("SELECT 1"));
        await held.DisposeAsync();

        // Each of those that were cut may say so once, and no more than that.
        var healthy = false;
        for (var tries = 0; tries < 5 && !healthy; tries++)
        {
            healthy = (await project.Pool.CheckHealthAsync()).IsHealthy;
        }

        Assert.True(healthy);
        Assert.Equal(0, project.Pool.GetStatus().InUse);
        await CloseAsync(await OpenAsync(project, 4));
    }

    [SkippableFact]
    public async Task Connection_OlderThanRecycle_IsReplaced()
    {
        await using var project = await StartAsync(("DB_POOL_SIZE", "1"), ("DB_POOL_RECYCLE", "1"));
        var first = await ConnectionIdAsync(project);
        using var limit = new CancellationTokenSource(Bound);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));

        while (await ConnectionIdAsync(project) == first)
        {
            Assert.False(limit.IsCancellationRequested, "The connection is still the first one.");
            await timer.WaitForNextTickAsync();
        }
    }

    [SkippableFact]
    public async Task Open_WithoutAServer_FailsAndGivesItsPlaceBack()
    {
        await using var project = await StartAsync();
        await using var lost = DataProject.With(database.Environment, ("DB_PORT", $"{Tool.FreePort()}"));

        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.ThrowsAnyAsync<DbException>(() => lost.Source.OpenConnectionAsync().AsTask());
            Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(0, lost.Pool.GetStatus().InUse);
        Assert.NotNull((await lost.Pool.CheckHealthAsync()).Error);
        Assert.DoesNotContain("secret", lost.Pool.ConnectionString, StringComparison.Ordinal);
    }

    private async Task<string> ConnectionIdAsync(DataProject project)
    {
        await using var connection = await project.Source.OpenConnectionAsync();
        return $"{await connection.ExecuteScalarAsync($"SELECT {database.ConnectionId}")}";
    }
}

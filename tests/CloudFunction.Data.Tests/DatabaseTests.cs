using System.Data.Common;
using System.Globalization;
using CloudFunction.Data.Tests.Servers;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Data.Tests;

/// <summary>What a database has to do for a project, whichever it is.</summary>
public abstract class DatabaseTests(ITestDatabase database)
{
    private protected static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private sealed record Note(long Id, string Text);

    [SkippableFact]
    public async Task InTransaction_ThatEnds_Commits()
    {
        await using var project = await StartAsync();

        var count = await project.Source.InTransactionAsync(async (transaction, token) =>
        {
            await InsertAsync(transaction, 1);
            return await InsertAsync(transaction, 2);
        });

        Assert.Equal(1, count);
        Assert.Equal("1, 2", string.Join(", ", await IdsAsync(project)));
    }

    [SkippableFact]
    public async Task InTransaction_ThatThrows_RollsAllOfItBack()
    {
        await using var project = await StartAsync();

        var error = await Assert.ThrowsAsync<ArithmeticException>(() => project.Source.InTransactionAsync<int>(async (transaction, token) =>
        {
            await InsertAsync(transaction, 1);
            throw new ArithmeticException("Enough.");
        }));

        Assert.Equal("Enough.", error.Message);
        Assert.Empty(await IdsAsync(project));
        Assert.Equal(0, project.Pool.GetStatus().InUse);
    }

    [SkippableFact]
    public async Task InTransaction_WhoseTokenFires_RollsBack()
    {
        await using var project = await StartAsync();
        using var source = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => project.Source.InTransactionAsync(
            async (transaction, token) =>
            {
                var rows = await InsertAsync(transaction, 1);
                await source.CancelAsync();
                return rows;
            },
            cancellationToken: source.Token));

        Assert.Empty(await IdsAsync(project));
    }

    [SkippableFact]
    public async Task Dapper_OnAnyOfThem_MapsRows()
    {
        await using var project = await StartAsync();
        await using var connection = await project.Source.OpenConnectionAsync();

        await connection.ExecuteAsync("INSERT INTO notes (id, text) VALUES (@Id, @Text)", new[] { new Note(1, "一"), new Note(2, "zwei 🙂") });

        Assert.Equal(
            [new Note(1, "一"), new Note(2, "zwei 🙂")], await connection.QueryAsync<Note>("SELECT id AS Id, text AS Text FROM notes ORDER BY id"));
    }

    [SkippableFact]
    public async Task Open_BeyondSizeAndOverflow_WaitsAndThenSaysWhatToDo()
    {
        await using var project = await StartAsync(("DB_POOL_SIZE", "2"), ("DB_MAX_OVERFLOW", "1"), ("DB_POOL_TIMEOUT", "1"));
        var lent = await OpenAsync(project, 3);
        Assert.Equal((3, 1, 2, 1), Counts(project));

        var error = await Assert.ThrowsAsync<DatabasePoolTimeoutException>(() => project.Source.OpenConnectionAsync().AsTask());
        Assert.Throws<DatabasePoolTimeoutException>(() => project.Source.OpenConnection());

        Assert.Contains(
            "within 1 s (DB_POOL_TIMEOUT): 3 are in use, which is all that DB_POOL_SIZE (2) and DB_MAX_OVERFLOW (1) allow",
            error.Message,
            StringComparison.Ordinal);
        await CloseAsync(lent);
        Assert.Equal((0, 0, 2, 1), Counts(project));
        await using var again = await project.Source.OpenConnectionAsync();
        Assert.Equal(1, project.Pool.GetStatus().InUse);
    }

    [SkippableFact]
    public async Task Open_ThatWaits_GetsTheOneThatComesBack()
    {
        await using var project = await StartAsync(("DB_POOL_SIZE", "1"), ("DB_MAX_OVERFLOW", "0"));
        var first = await project.Source.OpenConnectionAsync();
        using var givesUp = new CancellationTokenSource();

        var waits = project.Source.OpenConnectionAsync().AsTask();
        var leaves = project.Source.OpenConnectionAsync(givesUp.Token).AsTask();
        Assert.Equal(2, project.Pool.GetStatus().Waiting);
        await givesUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        Assert.False(waits.IsCompleted);
        await first.DisposeAsync();

        await using var second = await waits.WaitAsync(Bound);
        Assert.Equal((1, 0), (project.Pool.GetStatus().InUse, project.Pool.GetStatus().Waiting));
    }

    [SkippableFact]
    public async Task Open_ByManyAtOnce_ServesAllWithinTheLimit()
    {
        await using var project = await StartAsync(("DB_POOL_SIZE", "3"), ("DB_MAX_OVERFLOW", "2"));
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            await using var connection = await project.Source.OpenConnectionAsync();
            InterlockedMax(ref most, project.Pool.GetStatus().InUse);
            Assert.Equal(i, Convert.ToInt32(await connection.ExecuteScalarAsync($"SELECT {i}"), CultureInfo.InvariantCulture));
        }))).WaitAsync(Bound);

        Assert.InRange(most, 1, 5);
        Assert.Equal((0, 0), (project.Pool.GetStatus().InUse, project.Pool.GetStatus().Overflow));
    }

    [SkippableFact]
    public async Task Close_OfAConnectionThatIsDisposedOfTwice_CountsOnce()
    {
        await using var project = await StartAsync(("DB_POOL_SIZE", "1"), ("DB_MAX_OVERFLOW", "1"));
        var connection = await project.Source.OpenConnectionAsync();

        await connection.CloseAsync();
        await connection.DisposeAsync();
        await connection.DisposeAsync();

        Assert.Equal(0, project.Pool.GetStatus().InUse);
        await CloseAsync(await OpenAsync(project, 2));
    }

    [SkippableFact]
    public async Task Reset_AndClose_CloseWhatIsIdleAndOpenAgain()
    {
        await using var project = await StartAsync();
        await CloseAsync(await OpenAsync(project, 3));
        var idle = project.Pool.GetStatus().Idle;
        Assert.True(idle is null or 3, $"{idle} are idle.");

        await project.Pool.ResetAsync();
        Assert.True(project.Pool.GetStatus().Idle is null or 0, $"{project.Pool.GetStatus()}");

        await project.Pools.CloseAllAsync();
        Assert.True(project.Pool.GetStatus().IsClosed);
        Assert.Contains(
            "'default' is closed",
            (await Assert.ThrowsAsync<DatabasePoolClosedException>(() => project.Source.OpenConnectionAsync().AsTask())).Message,
            StringComparison.Ordinal);
        Assert.False((await project.Pool.CheckHealthAsync()).IsHealthy);

        await project.Pools.ResetAllAsync();
        Assert.True((await project.Pool.CheckHealthAsync()).IsHealthy);
    }

    /// <summary>What each provider that EF Core 10 knows has to do.</summary>
    private protected async Task ContextKeepsEntitiesOrNoneOfThem()
    {
        await using var project = await StartAsync();
        await using (var scope = project.Services.CreateAsyncScope())
        {
            var context = scope.ServiceProvider.GetRequiredService<NotesContext>();
            context.Notes.Add(new NoteEntity { Id = 1, Text = "一" });
            await context.SaveChangesAsync();
            await using var transaction = await context.Database.BeginTransactionAsync();
            context.Notes.Add(new NoteEntity { Id = 2, Text = "rolled back" });
            await context.SaveChangesAsync();
        }

        await using (var scope = project.Services.CreateAsyncScope())
        {
            var note = Assert.Single(await scope.ServiceProvider.GetRequiredService<NotesContext>().Notes.Where(n => n.Text != "").ToListAsync());
            Assert.Equal((1, "一"), (note.Id, note.Text));
        }

        Assert.Equal("1", string.Join(", ", await IdsAsync(project))); // The same database as everyone's.
    }

    private static (int InUse, int Overflow, int Size, int MaxOverflow) Counts(DataProject project)
    {
        var status = project.Pool.GetStatus();
        return (status.InUse, status.Overflow, status.Size, status.MaxOverflow);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }

    private static Task<int> InsertAsync(DbTransaction transaction, int id) =>
        transaction.Connection!.ExecuteAsync("INSERT INTO notes (id, text) VALUES (@id, 'note')", new { id }, transaction);

    private static async Task<int[]> IdsAsync(DataProject project)
    {
        await using var connection = await project.Source.OpenConnectionAsync();
        return [.. await connection.QueryAsync<int>("SELECT id FROM notes ORDER BY id")];
    }

    private protected static async Task<DbConnection[]> OpenAsync(DataProject project, int count)
    {
        var connections = new DbConnection[count];
        for (var i = 0; i < count; i++)
        {
            connections[i] = await project.Source.OpenConnectionAsync();
        }

        return connections;
    }

    private protected static async Task CloseAsync(DbConnection[] connections)
    {
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    private protected async Task<DataProject> StartAsync(params (string Name, string Value)[] more)
    {
        Skip.If(database.Missing is not null, database.Missing);
        var project = DataProject.With(database.Environment, more);
        await using var connection = await project.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("DROP TABLE IF EXISTS notes");
        await connection.ExecuteAsync("CREATE TABLE notes (id BIGINT PRIMARY KEY, text VARCHAR(1000) NOT NULL)");
        return project;
    }
}

using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Hosting;

namespace NotesFunctions;

/// <summary>Makes the table before the first call, in SQL that SQLite, PostgreSQL and MySQL all take.</summary>
internal sealed class NotesTable(DbDataSource database) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "CREATE TABLE IF NOT EXISTS notes (id CHAR(32) PRIMARY KEY, text VARCHAR(10000) NOT NULL, created VARCHAR(40) NOT NULL)");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

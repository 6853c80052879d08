using System.Data.Common;
using System.Globalization;
using CloudFunction;
using CloudFunction.Data;
using Dapper;

namespace NotesFunctions;

public sealed class Notes(DbDataSource database, TimeProvider time)
{
    [Function(Description = "Keeps a note")]
    public async Task<Note> AddNote(NewNote request, FunctionContext context, CancellationToken cancellationToken)
    {
        var note = new Note(context.InvocationId, request.Text, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new("INSERT INTO notes (id, text, created) VALUES (@Id, @Text, @Created)", note, cancellationToken: cancellationToken));
        return note;
    }

    [Function(Description = "Keeps several notes, or none of them")]
    public Task<int> AddNotes(NewNote[] request, CancellationToken cancellationToken)
    {
        var created = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        var notes = Array.ConvertAll(request, n => new Note(Guid.NewGuid().ToString("n"), n.Text, created));
        return database.InTransactionAsync(
            (transaction, token) => transaction.Connection!.ExecuteAsync(
                new("INSERT INTO notes (id, text, created) VALUES (@Id, @Text, @Created)", notes, transaction, cancellationToken: token)),
            cancellationToken: cancellationToken);
    }

    [Function(Description = "The latest 100 notes")]
    public async Task<IEnumerable<Note>> ListNotes(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<Note>(new(
            "SELECT id AS Id, text AS Text, created AS Created FROM notes ORDER BY created DESC, id LIMIT 100",
            cancellationToken: cancellationToken));
    }

    [Function(Description = "One note, or null")]
    public async Task<Note?> GetNote(NoteId request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Note>(
            new("SELECT id AS Id, text AS Text, created AS Created FROM notes WHERE id = @Id", request, cancellationToken: cancellationToken));
    }

    [Function(Description = "Removes a note; false where there was none")]
    public async Task<bool> DeleteNote(NoteId request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new("DELETE FROM notes WHERE id = @Id", request, cancellationToken: cancellationToken)) == 1;
    }
}

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>The files of large values, as the store's rows name them. For the writer's thread alone.</summary>
internal sealed class BlobTable(TaskConnection connection)
{
    private readonly SqliteStatement _insert = connection.Prepare("INSERT INTO blob (id, length) VALUES (?, ?)");
    private readonly SqliteStatement _delete = connection.Prepare("DELETE FROM blob WHERE id = ?");

    /// <summary>Names a file that is on disk.</summary>
    /// <returns>Its number; null for none.</returns>
    public long? Insert(ValueFile? file)
    {
        if (file is null)
        {
            return null;
        }

        _insert.With(file.Id).With(file.Length).Run();
        return file.Id;
    }

    /// <summary>Names a file no more, which may be deleted once this is committed.</summary>
    /// <param name="id">Its number; null for none.</param>
    /// <param name="released">Gets it.</param>
    public void Delete(long? id, List<long> released)
    {
        if (id is { } blob)
        {
            _delete.With(blob).Run();
            released.Add(blob);
        }
    }
}

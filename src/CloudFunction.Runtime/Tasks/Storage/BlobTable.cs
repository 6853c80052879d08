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
    /// <param name="id">The file's number; null for none: nothing happens.</param>
    /// <param name="released">Gets the number, to delete the file after the commit.</param>
    public void Delete(long? id, List<long> released)
    {
        if (id is { } blob)
        {
            _delete.With(blob).Run();
            released.Add(blob);
        }
    }
}

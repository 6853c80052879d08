using System.Runtime.CompilerServices;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>Enums as the numbers that are stored: in SQL, so that no statement has its own, and out of a row, where they may be unknown.</summary>
internal static class StoredEnum
{
    /// <summary>The numbers of some values, for SQL, with commas between them.</summary>
    public static string Sql<T>(params IReadOnlyList<T> values) where T : struct, Enum =>
        string.Join(", ", values.Select(value => value.ToString("D")));

    /// <summary>Reads a column of the row.</summary>
    /// <param name="row">The row. It is reset where this fails.</param>
    /// <param name="column">From 0.</param>
    /// <param name="task">Whose it is, for the message.</param>
    /// <exception cref="TaskStoreException">It holds no value that this host knows.</exception>
    public static T Enum<T>(this SqliteStatement row, int column, TaskId task) where T : struct, Enum
    {
        var stored = row.Long(column);
        var value = (int)stored;
        if (row.IsInteger(column) && value == stored && System.Enum.IsDefined(Unsafe.BitCast<int, T>(value)))
        {
            return Unsafe.BitCast<int, T>(value);
        }

        var text = row.Text(column) ?? "NULL";
        row.Reset();
        throw new TaskStoreException(
            TaskStoreFault.UnknownValue,
            $"The task {task} cannot be read: '{text}' is not a {typeof(T).Name} that is known here. Run the host that wrote it, or put a backup of "
            + "the task store in its place.");
    }
}

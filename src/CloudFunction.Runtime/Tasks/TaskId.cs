using System.Globalization;

namespace CloudFunction.Runtime.Tasks;

/// <summary>
/// The id of a task: a UUID of version 7 (RFC 9562), so that ids order as tasks came. Its first half is the store's key, which one store
/// gives out only once; the second half is random, so that nobody who may read a task by its id can guess another's.
/// </summary>
internal readonly record struct TaskId(long Key, long Salt) : IComparable<TaskId>
{
    private const int DigitsOfHalf = 16;

    /// <summary>Reads what <see cref="ToString"/> wrote: 32 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TaskId id)
    {
        id = default;
        if (text.Length != 2 * DigitsOfHalf
            || !long.TryParse(text[..DigitsOfHalf], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var key)
            || !long.TryParse(text[DigitsOfHalf..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var salt))
        {
            return false;
        }

        id = new TaskId(key, salt);
        return true;
    }

    /// <summary>Orders by age, the oldest first.</summary>
    public int CompareTo(TaskId other) => Key != other.Key ? Key.CompareTo(other.Key) : Salt.CompareTo(other.Salt);

    /// <summary>The id as people read it: 32 lower-case hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key:x16}{Salt:x16}");
}

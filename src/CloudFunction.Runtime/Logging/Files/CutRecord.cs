namespace CloudFunction.Runtime.Logging.Files;

/// <summary>Shortens a record that is larger than a whole file may be.</summary>
internal static class CutRecord
{
    private static ReadOnlySpan<byte> Mark => "…[cut]\n"u8;

    /// <summary>Copies as much of the record as fits, then a mark of the cut, which ends the line.</summary>
    /// <param name="record">UTF-8, longer than <paramref name="room"/>.</param>
    /// <param name="room">Filled whole; what a character that does not fit leaves is blank.</param>
    public static void Copy(ReadOnlySpan<byte> record, Span<byte> room)
    {
        var mark = Mark.Length < room.Length ? Mark : "\n"u8;
        var length = room.Length - mark.Length;
        var kept = length;
        while (kept > 0 && (record[kept] & 0b1100_0000) == 0b1000_0000)
        {
            kept--; // Not amid a character.
        }

        record[..kept].CopyTo(room);
        room[kept..length].Fill((byte)' ');
        mark.CopyTo(room[length..]);
    }
}

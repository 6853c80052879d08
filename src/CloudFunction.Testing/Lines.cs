namespace CloudFunction.Testing;

/// <summary>Takes lines out of parts that may end anywhere.</summary>
internal static class Lines
{
    /// <summary>Adds a part.</summary>
    /// <param name="begun">What of a line is there already; what has no end yet stays in it.</param>
    /// <param name="part">The part.</param>
    /// <returns>The lines that are whole by now, without their ends.</returns>
    public static IReadOnlyList<byte[]> Take(List<byte> begun, ReadOnlySpan<byte> part)
    {
        var lines = new List<byte[]>();
        while (part.IndexOf((byte)'\n') is var end and >= 0)
        {
            begun.AddRange(part[..end]);
            lines.Add([.. begun]);
            begun.Clear();
            part = part[(end + 1)..];
        }

        begun.AddRange(part);
        return lines;
    }
}

namespace CloudFunction.Worker.Functions;

/// <summary>What is wrong with a payload's text, and at which byte.</summary>
internal readonly record struct PayloadFault(string Message, int Offset)
{
    /// <summary>The place as people read it: lines from 1, bytes of the line from 0.</summary>
    public static string Place(long line, long byteInLine) => $"line {line + 1}, byte {byteInLine}";

    /// <summary>What is wrong, and at which place.</summary>
    public static string TextAt(string message, string place) => $"{message} It is at {place}.";

    /// <summary>The place of this fault in <paramref name="payload"/>.</summary>
    public string PlaceIn(ReadOnlySpan<byte> payload)
    {
        var before = payload[..Offset];
        return Place(before.Count((byte)'\n'), Offset - (before.LastIndexOf((byte)'\n') + 1));
    }
}

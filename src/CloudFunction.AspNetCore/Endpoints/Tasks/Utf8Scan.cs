using System.Text.Unicode;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>Checks bytes that come in pieces for being UTF-8.</summary>
internal sealed class Utf8Scan
{
    private const int MaxLength = 4;

    // The beginning of a character whose rest comes in the next piece.
    private readonly byte[] _begun = new byte[MaxLength];
    private int _count;

    /// <summary>Whether what came ends with a whole character.</summary>
    public bool IsWhole => _count == 0;

    /// <summary>Takes the next piece.</summary>
    /// <returns>Whether it may still become a text.</returns>
    public bool Push(ReadOnlySpan<byte> piece)
    {
        while (_count > 0 && !piece.IsEmpty)
        {
            _begun[_count++] = piece[0];
            piece = piece[1..];
            if (_count == LengthOf(_begun[0]))
            {
                if (!Utf8.IsValid(_begun.AsSpan(0, _count)))
                {
                    return false;
                }

                _count = 0;
            }
        }

        if (_count > 0)
        {
            return true;
        }

        var rest = LengthOfBegun(piece);
        piece[^rest..].CopyTo(_begun);
        _count = rest;
        return Utf8.IsValid(piece[..^rest]);
    }

    private static int LengthOfBegun(ReadOnlySpan<byte> piece)
    {
        for (var back = 1; back < MaxLength && back <= piece.Length; back++)
        {
            var b = piece[^back];
            if ((b & 0xC0) != 0x80)
            {
                return b >= 0xC0 && LengthOf(b) > back ? back : 0;
            }
        }

        return 0;
    }

    private static int LengthOf(byte first) => first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
}

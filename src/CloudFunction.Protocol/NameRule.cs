using System.Buffers;

namespace CloudFunction.Protocol;

/// <summary>Which names projects and functions may have: <c>\A[a-z0-9][a-z0-9_-]{0,62}\z</c>, and no device name of Windows.
/// Lower case only, so that two names never meet on a disk that is blind to case.</summary>
internal static class NameRule
{
    /// <summary>What a valid name is, for error messages.</summary>
    public const string Text =
        "1 to 63 of a-z, 0-9, '_' and '-', beginning with a letter or digit, and none of con, nul, aux, prn, com0-com9, lpt0-lpt9";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Whether <paramref name="name"/> is a valid name.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length is >= 1 and <= 63
        && name[0] is not ('_' or '-')
        && !name.ContainsAnyExcept(Allowed)
        && !IsDevice(name);

    private static bool IsDevice(ReadOnlySpan<char> name) => name.Length switch
    {
        3 => name is "con" or "nul" or "aux" or "prn",
        4 => char.IsAsciiDigit(name[3]) && name[..3] is ("com" or "lpt"),
        _ => false,
    };
}

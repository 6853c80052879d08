using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace CloudFunction.Worker.Functions;

/// <summary>
/// Finds the faults that System.Text.Json leaves to whoever touches the value: it validates neither UTF-8 nor surrogates in what it
/// skips or keeps as <see cref="JsonElement"/>, and reads <c>1e999</c> as infinity.
/// </summary>
/// <remarks>On a payload without such things this is three vectorized searches; tokens are walked only where one of them has
/// found something.</remarks>
internal static class PayloadCheck
{
    // The largest double has 309 digits; fewer leave room for a two-digit exponent, which the search for exponents skips.
    private const int ManyDigits = 200;

    /// <summary>The first fault, or <see langword="null"/>. Broken JSON is no fault here: binding reports it.</summary>
    public static PayloadFault? Find(ReadOnlySpan<byte> payload, in JsonReaderOptions options)
    {
        if (!Utf8.IsValid(payload))
        {
            return new PayloadFault("The body is not valid UTF-8.", FirstInvalidByte(payload));
        }

        var firstEscape = payload.IndexOf("\\u"u8);
        if (firstEscape >= 0 && FindLoneSurrogate(payload, firstEscape) is { } surrogate)
        {
            return surrogate;
        }

        return MayHoldInfinity(payload) ? FindInfinity(payload, options) : null;
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> payload)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(payload[offset..], out _, out var consumed) == OperationStatus.Done)
        {
            offset += consumed;
        }

        return offset;
    }

    private static PayloadFault? FindLoneSurrogate(ReadOnlySpan<byte> payload, int from)
    {
        var high = -1;
        var i = from;

        // The first match may be the second half of an escaped backslash (`\\u`): begin where the run of backslashes does.
        while (i > 0 && payload[i - 1] == '\\')
        {
            i--;
        }

        while (i < payload.Length)
        {
            if (payload[i] == '\\' && i + 1 < payload.Length)
            {
                if (payload[i + 1] == 'u' && i + 6 <= payload.Length && TryParseHex(payload.Slice(i + 2, 4), out var unit))
                {
                    if (char.IsLowSurrogate(unit) ? high < 0 : high >= 0)
                    {
                        return Lone(high < 0 ? i : high);
                    }

                    high = char.IsHighSurrogate(unit) ? i : -1;
                    i += 6;
                    continue;
                }

                i++;
            }

            if (high >= 0)
            {
                return Lone(high);
            }

            i++;
        }

        return null;

        static PayloadFault Lone(int offset) => new("A string holds half of a surrogate pair.", offset);
    }

    private static bool TryParseHex(ReadOnlySpan<byte> digits, out char unit)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                unit = default;
                return false;
            }

            value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        unit = (char)value;
        return true;
    }

    private static bool MayHoldInfinity(ReadOnlySpan<byte> payload)
    {
        var rest = payload;
        for (var at = rest.IndexOfAny((byte)'e', (byte)'E'); at >= 0; at = rest.IndexOfAny((byte)'e', (byte)'E'))
        {
            var exponent = rest[(at + 1)..];
            if (at > 0 && char.IsAsciiDigit((char)rest[at - 1]))
            {
                var digits = exponent is [(byte)'+', ..] ? exponent[1..] : exponent;
                if (digits.Length >= 3 && !digits[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                {
                    return true;
                }
            }

            rest = exponent;
        }

        // A run of so many digits cannot lie between two of these probes.
        for (var i = ManyDigits - 1; i < payload.Length; i += ManyDigits)
        {
            if (char.IsAsciiDigit((char)payload[i]))
            {
                var before = payload[..i].LastIndexOfAnyExceptInRange((byte)'0', (byte)'9');
                var after = payload[i..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
                if ((after < 0 ? payload.Length : i + after) - before > ManyDigits)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static PayloadFault? FindInfinity(ReadOnlySpan<byte> payload, in JsonReaderOptions options)
    {
        var reader = new Utf8JsonReader(payload, options);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && !double.IsFinite(number))
                {
                    return new PayloadFault("A number is too large to be finite.", checked((int)reader.TokenStartIndex));
                }
            }
        }
        catch (JsonException)
        {
            // Binding meets the same fault, and reports it with its path.
        }

        return null;
    }
}

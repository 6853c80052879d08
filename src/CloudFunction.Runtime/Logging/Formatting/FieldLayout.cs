using System.Globalization;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>Flags, width, precision and conversion of one field, with the meaning that they have in Python and C.</summary>
/// <param name="Conversion">How it is written: <c>s</c>, <c>d</c> or <c>f</c>.</param>
/// <param name="Width">At least so many characters; 0: as many as there are.</param>
/// <param name="Precision">Of text at most so many characters, of a whole number at least so many digits, of another so many decimals;
/// null: none given.</param>
/// <param name="IsLeft">Whether what fills it up to the width stands on the right.</param>
/// <param name="IsZeroPadded">Whether zeros fill a number up to the width.</param>
/// <param name="Sign">What stands before a number that is not negative; NUL: nothing.</param>
internal sealed record FieldLayout(
    char Conversion, int Width = 0, int? Precision = null, bool IsLeft = false, bool IsZeroPadded = false, char Sign = '\0')
{
    /// <summary>The conversions that there are; some are names of the same.</summary>
    public const string Conversions = "sdiufF";

    /// <summary>The widest that a field may be made: wider than any screen.</summary>
    public const int MaxWidth = 200;

    /// <summary>The most digits that may be asked for: more than any of these numbers has.</summary>
    public const int MaxPrecision = 50;

    // No time has more binary digits behind the point, and so none has more decimal ones.
    private const int AllDecimals = 52;

    // What %f has where no precision is given, as in C.
    private const int DefaultDecimals = 6;

    // The longest number, with all the decimals that may be asked for.
    private const int MaxNumberLength = 100;

    // Made once, since it is the same for every record.
    private readonly string _numberFormat = Conversion switch
    {
        'f' => string.Create(CultureInfo.InvariantCulture, $"F{Precision ?? DefaultDecimals}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"D{Precision ?? 1}"),
    };

    private int Decimals => Precision ?? DefaultDecimals;

    /// <summary>The field as it is.</summary>
    public static FieldLayout Plain { get; } = new('s');

    /// <summary>The conversion that does what this one does.</summary>
    public static char Plainest(char conversion) => conversion switch
    {
        'i' or 'u' => 'd',
        'F' => 'f',
        _ => conversion,
    };

    /// <summary>Writes text. It is made harmless first, so that its width is the one that shows.</summary>
    public void Write(TextWriter output, string text)
    {
        if (Width == 0 && (Precision is null || Conversion != 's'))
        {
            SafeText.Write(output, text);
            return;
        }

        var safe = SafeText.Of(text).AsSpan();
        if (Conversion == 's' && Precision is { } most)
        {
            safe = safe[..LengthOf(safe, most)];
        }

        var padding = Width - CountOf(safe);
        Pad(output, IsLeft ? 0 : padding, ' ');
        output.Write(safe);
        Pad(output, IsLeft ? padding : 0, ' ');
    }

    /// <summary>Writes a whole number.</summary>
    public void Write(TextWriter output, long value)
    {
        if (Conversion == 's')
        {
            Write(output, value.ToString(CultureInfo.InvariantCulture));
            return;
        }

        if (Conversion == 'f')
        {
            Write(output, (double)value);
            return;
        }

        Span<char> digits = stackalloc char[MaxNumberLength];
        value.TryFormat(digits, out var length, _numberFormat, CultureInfo.InvariantCulture);
        WriteNumber(output, digits[..length]);
    }

    /// <summary>Writes a number with decimals.</summary>
    public void Write(TextWriter output, double value)
    {
        if (Conversion == 's')
        {
            // As in Python, whose numbers with decimals always show one.
            var text = value.ToString(CultureInfo.InvariantCulture);
            Write(output, double.IsInteger(value) ? text + ".0" : text);
            return;
        }

        if (Conversion != 'f')
        {
            Write(output, (long)value);
            return;
        }

        Span<char> digits = stackalloc char[MaxNumberLength];
        value.TryFormat(digits, out var length, _numberFormat, CultureInfo.InvariantCulture);
        WriteNumber(output, IsRoundedUpToOdd(value, digits[..length]) ? RoundDown(value) : digits[..length]);
    }

    /// <summary>Whether a number half way between two was rounded away from zero where C and Python take the even one.</summary>
    private bool IsRoundedUpToOdd(double value, ReadOnlySpan<char> rounded)
    {
        if ((rounded[^1] - '0') % 2 == 0)
        {
            return false;
        }

        var behind = Exactly(value).AsSpan()[^(AllDecimals - Decimals)..];
        return behind[0] == '5' && !behind[1..].ContainsAnyExcept('0');
    }

    private ReadOnlySpan<char> RoundDown(double value) => Exactly(value).AsSpan()[..^(AllDecimals - Decimals)].TrimEnd('.');

    private static string Exactly(double value) => value.ToString("F52", CultureInfo.InvariantCulture);

    private void WriteNumber(TextWriter output, ReadOnlySpan<char> number)
    {
        var sign = number[0] == '-' ? '-' : Sign;
        var digits = number[0] == '-' ? number[1..] : number;
        var padding = Width - digits.Length - (sign == '\0' ? 0 : 1);
        var isZeroPadded = IsZeroPadded && !IsLeft;
        Pad(output, IsLeft || isZeroPadded ? 0 : padding, ' ');
        if (sign != '\0')
        {
            output.Write(sign);
        }

        Pad(output, isZeroPadded ? padding : 0, '0');
        output.Write(digits);
        Pad(output, IsLeft ? padding : 0, ' ');
    }

    private static void Pad(TextWriter output, int count, char character)
    {
        for (; count > 0; count--)
        {
            output.Write(character);
        }
    }

    /// <summary>How many UTF-16 units the first <paramref name="count"/> characters take; a pair of surrogates is one character.</summary>
    private static int LengthOf(ReadOnlySpan<char> text, int count)
    {
        var length = 0;
        for (; count > 0 && length < text.Length; count--)
        {
            length += char.IsHighSurrogate(text[length]) && length + 1 < text.Length ? 2 : 1;
        }

        return length;
    }

    private static int CountOf(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var character in text)
        {
            count += char.IsLowSurrogate(character) ? 0 : 1;
        }

        return count;
    }
}

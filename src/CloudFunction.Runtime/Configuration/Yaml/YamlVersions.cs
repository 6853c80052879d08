using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace CloudFunction.Runtime.Configuration.Yaml;

/// <summary>
/// What a value without quotes stands for: by YAML 1.2's core schema, which is what is read here, and by YAML 1.1 as PyYAML has it, which is
/// what the same files were written for. Where the two differ, neither is what everybody meant. Takes a time that grows with a value's length
/// alone.
/// </summary>
internal static class YamlVersions
{
    // Beyond any number that people write. What is longer is not converted from another base than ten: that would take the square of its length.
    private const int MaxConverted = 256;

    // Enough to find it by, beside its line and column.
    private const int MaxShown = 64;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly Regex Json = new(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?\z", Options);
    private static readonly Regex Integer12 = new(@"\A[-+]?[0-9]+\z", Options);
    private static readonly Regex Octal12 = new(@"\A0o[0-7]+\z", Options);
    private static readonly Regex Hex12 = new(@"\A0x[0-9a-fA-F]+\z", Options);
    private static readonly Regex Float12 = new(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", Options);
    private static readonly Regex Special = new(@"\A([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", Options);
    private static readonly Regex Decimal11 = new(@"\A[-+]?(0|[1-9][0-9_]*)\z", Options);
    private static readonly Regex Integer11 = new(
        @"\A[-+]?(0b[0-1_]+|0[0-7_]+|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)\z", Options);

    private static readonly Regex Float11 = new(
        @"\A([-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?|\.[0-9][0-9_]*([eE][-+][0-9]+)?)\z", Options);

    private static readonly Regex Sixties11 = new(@"\A[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*\z", Options);
    private static readonly Regex Date11 = new(
        @"\A([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?"
        + @"([ \t]*(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?)\z", Options);

    private enum Kind
    {
        Null,
        Boolean,
        Integer,
        Float,
        String,
        Other,
    }

    /// <summary>Whether a value stands for nothing, which is the same in both versions.</summary>
    public static bool IsNull(string plain) => plain is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>A value as JSON, where it is nothing, a boolean or a number, which keeps its digits; null where it is text.</summary>
    public static string? JsonOf(string plain) => Read12(plain) switch
    {
        { Kind: Kind.Null } => "null",
        { Kind: Kind.Boolean or Kind.Integer } reading => reading.Value,
        { Kind: Kind.Float } => Json.IsMatch(plain) ? plain : Shortest(plain),
        _ => null,
    };

    /// <summary>Finds why a value cannot be taken as it is: the versions differ in it, or JSON has nothing for it; null where it can be.</summary>
    public static string? ProblemOf(string plain)
    {
        var (old, now) = (Read11(plain), Read12(plain));
        if (old != now)
        {
            IEnumerable<string> forms = [FormOf(now, plain), FormOf(old, plain), Quoted(plain)];
            return $"'{Shorten(plain)}' is {now.Text} in YAML 1.2 and {old.Text} in YAML 1.1; allowed is what both read alike: "
                + string.Join(" or ", forms.Distinct(StringComparer.Ordinal));
        }

        return now.Kind == Kind.Other ? $"'{Shorten(plain)}' is {now.Text}; allowed are shorter ones, and text in quotes"
            : now.Kind == Kind.Float && JsonOf(plain) is null
                ? $"'{Shorten(plain)}' is not a number that JSON can hold; allowed are finite numbers, and text in quotes"
            : null;
    }

    /// <summary>The whole number that YAML 1.1 reads where it is another one than its digits have; else null.</summary>
    /// <param name="plain">A value that is taken as text.</param>
    public static string? OtherNumberOf(string plain) =>
        Read11(plain) is { Kind: Kind.Integer } old && (!Integer12.IsMatch(plain) || Read12(plain) != old) ? old.Value : null;

    private static Reading Read12(string plain) =>
        IsNull(plain) ? Reading.Null
        : plain is "true" or "True" or "TRUE" ? Reading.True
        : plain is "false" or "False" or "FALSE" ? Reading.False
        : !BeginsLikeNumber(plain) ? Reading.String
        : Integer12.IsMatch(plain) ? Reading.Decimal(plain)
        : Octal12.IsMatch(plain) ? Reading.Converted(plain, 2, 8)
        : Hex12.IsMatch(plain) ? Reading.Converted(plain, 2, 16)
        : Float12.IsMatch(plain) || Special.IsMatch(plain) ? Reading.Float
        : Reading.String;

    private static Reading Read11(string plain) =>
        IsNull(plain) ? Reading.Null
        : plain is "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" ? Reading.True
        : plain is "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" ? Reading.False
        : plain is "<<" or "=" ? Reading.Other("a merge key or a default")
        : !BeginsLikeNumber(plain) ? Reading.String
        : Decimal11.IsMatch(plain) ? Reading.Decimal(WithoutUnderscores(plain))
        : Integer11.IsMatch(plain) ? Integer11Of(WithoutUnderscores(plain))
        : Float11.IsMatch(plain) || Special.IsMatch(plain) ? Reading.Float
        : Sixties11.IsMatch(plain) ? Reading.Other("a number in base 60")
        : Date11.IsMatch(plain) ? Reading.Other("a date")
        : Reading.String;

    // Most values are text, and need none of the expressions.
    private static bool BeginsLikeNumber(string plain) => char.IsAsciiDigit(plain[0]) || plain[0] is '+' or '-' or '.';

    private static Reading Integer11Of(string digits)
    {
        var start = digits[0] is '-' or '+' ? 1 : 0;
        return digits.AsSpan(start) switch
        {
            ['0', 'b', ..] => Reading.Converted(digits, start + 2, 2),
            ['0', 'x', ..] => Reading.Converted(digits, start + 2, 16),
            ['0', ..] => Reading.Converted(digits, start, 8),
            _ => Reading.Converted(digits, start, 60),
        };
    }

    private static string WithoutUnderscores(string plain) => plain.Replace("_", "", StringComparison.Ordinal);

    private static string? Shortest(string plain) =>
        double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : null;

    private static string FormOf(Reading reading, string plain) => reading.Kind switch
    {
        Kind.Boolean or Kind.Integer => Shorten(reading.Value),
        Kind.Float when Shortest(plain) is { } number && Read11(number) == Read12(number) => number,
        _ => Quoted(plain),
    };

    private static string Quoted(string plain) => $"\"{Shorten(plain)}\"";

    private static string Shorten(string text) => text.Length <= MaxShown ? text : $"{text.AsSpan(0, MaxShown)}…";

    // Floats are equal: both versions read the same digits, where both take them for one.
    private sealed record Reading(Kind Kind, string Value, string Text)
    {
        public static Reading Null { get; } = new(Kind.Null, "", "nothing");

        public static Reading True { get; } = new(Kind.Boolean, "true", "true");

        public static Reading False { get; } = new(Kind.Boolean, "false", "false");

        public static Reading Float { get; } = new(Kind.Float, "", "a number");

        public static Reading String { get; } = new(Kind.String, "", "text");

        public static Reading Other(string what) => new(Kind.Other, "", what);

        /// <summary>A sign that may be missing, and digits.</summary>
        public static Reading Decimal(string text)
        {
            var digits = text.AsSpan().TrimStart("+-").TrimStart('0');
            return Integer(digits.IsEmpty ? "0" : text[0] == '-' ? $"-{digits}" : digits.ToString());
        }

        /// <summary>Digits in another base; in base 60 with colons between numbers in base ten.</summary>
        public static Reading Converted(string text, int start, int radix)
        {
            if (text.Length > MaxConverted)
            {
                return Other($"a number of more than {MaxConverted} characters");
            }

            var value = radix == 60
                ? text[start..].Split(':').Aggregate(BigInteger.Zero, (sum, part) => (sum * 60) + Digits(part, 10))
                : Digits(text[start..], radix);
            return Integer((text[0] == '-' ? -value : value).ToString(CultureInfo.InvariantCulture));
        }

        private static Reading Integer(string value) => new(Kind.Integer, value, $"the number {Shorten(value)}");

        private static BigInteger Digits(string digits, int radix) =>
            digits.Aggregate(BigInteger.Zero, (sum, digit) => (sum * radix) + Convert.ToInt32(digit.ToString(), 16));
    }
}

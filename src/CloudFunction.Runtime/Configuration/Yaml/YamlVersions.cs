using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace CloudFunction.Runtime.Configuration.Yaml;

/// <summary>
/// What a value without quotes stands for: by YAML 1.2's core schema, which is what is read here, and by YAML 1.1 as PyYAML has it, which is
/// what the same files were written for. Where the two differ, neither is what everybody meant.
/// </summary>
internal static partial class YamlVersions
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>Finds why a value without quotes cannot be taken as it is: the versions differ in it, or JSON has nothing for it; null where it
    /// can be.</summary>
    public static string? ProblemOf(string plain)
    {
        var (old, now) = (Read11(plain), Read12(plain));
        if (old != now)
        {
            IEnumerable<string> forms = [FormOf(now, plain), FormOf(old, plain), Quoted(plain)];
            return $"'{plain}' is {now.Text} in YAML 1.2 and {old.Text} in YAML 1.1; allowed is what both read alike: "
                + string.Join(" or ", forms.Distinct(StringComparer.Ordinal));
        }

        return now.Kind == Kind.Float && NumberOf(plain) is null
            ? $"'{plain}' is no number that JSON can hold; allowed are finite numbers, and text in quotes"
            : null;
    }

    /// <summary>The whole number that YAML 1.1 reads where it is another one than its digits have; else null.</summary>
    /// <param name="plain">A value without quotes that is taken as text.</param>
    public static string? OtherNumberOf(string plain) =>
        Read11(plain) is { Kind: Kind.Integer } old && (!Integer12().IsMatch(plain) || Read12(plain) != old) ? old.Value : null;

    /// <summary>A number as JSON writes it; null where a value is none. The digits stay as they are.</summary>
    public static string? NumberOf(string plain)
    {
        if (Json().IsMatch(plain))
        {
            return plain;
        }

        return Read12(plain) switch
        {
            { Kind: Kind.Integer } integer => integer.Value,
            { Kind: Kind.Float } => Shortest(plain),
            _ => null,
        };
    }

    private static string? Shortest(string plain) =>
        double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : null;

    private static string FormOf(Reading reading, string plain) => reading.Kind switch
    {
        Kind.Boolean or Kind.Integer => reading.Value,
        Kind.Float when Shortest(plain) is { } number && Read11(number) == Read12(number) => number,
        _ => Quoted(plain),
    };

    private static string Quoted(string plain) => $"\"{plain}\"";

    private static Reading Read12(string plain) =>
        IsNull(plain) ? Reading.Null
        : plain is "true" or "True" or "TRUE" ? Reading.True
        : plain is "false" or "False" or "FALSE" ? Reading.False
        : Integer12().IsMatch(plain) ? Reading.Of(BigInteger.Parse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
        : Octal12().IsMatch(plain) ? Reading.Of(Digits(plain[2..], 8))
        : Hex12().IsMatch(plain) ? Reading.Of(Digits(plain[2..], 16))
        : Float12().IsMatch(plain) || Special().IsMatch(plain) ? Reading.Float
        : Reading.String;

    private static Reading Read11(string plain)
    {
        if (IsNull(plain))
        {
            return Reading.Null;
        }

        if (True11().IsMatch(plain) || False11().IsMatch(plain))
        {
            return True11().IsMatch(plain) ? Reading.True : Reading.False;
        }

        if (Integer11().IsMatch(plain))
        {
            var digits = plain.Replace("_", "", StringComparison.Ordinal);
            var sign = digits[0] == '-' ? -1 : 1;
            digits = digits.TrimStart('+', '-');
            return Reading.Of(sign * (
                digits.StartsWith("0b", StringComparison.Ordinal) ? Digits(digits[2..], 2)
                : digits.StartsWith("0x", StringComparison.Ordinal) ? Digits(digits[2..], 16)
                : digits.Contains(':', StringComparison.Ordinal)
                    ? digits.Split(':').Aggregate(BigInteger.Zero, (sum, part) => (sum * 60) + Digits(part, 10))
                : Digits(digits, digits[0] == '0' ? 8 : 10)));
        }

        return Float11().IsMatch(plain) || Special().IsMatch(plain) ? Reading.Float
            : Sixties11().IsMatch(plain) ? Reading.Of("a number in sixties")
            : Date11().IsMatch(plain) ? Reading.Of("a date")
            : plain is "<<" or "=" ? Reading.Of("a sign with a meaning")
            : Reading.String;
    }

    private static bool IsNull(string plain) => plain is "" or "~" or "null" or "Null" or "NULL";

    private static BigInteger Digits(string digits, int radix) =>
        digits.Aggregate(BigInteger.Zero, (sum, digit) => (sum * radix) + Convert.ToInt32(digit.ToString(), 16));

    [GeneratedRegex("^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?$", Linear)]
    private static partial Regex Json();

    [GeneratedRegex("^[-+]?[0-9]+$", Linear)]
    private static partial Regex Integer12();

    [GeneratedRegex("^0o[0-7]+$", Linear)]
    private static partial Regex Octal12();

    [GeneratedRegex("^0x[0-9a-fA-F]+$", Linear)]
    private static partial Regex Hex12();

    [GeneratedRegex("^[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?$", Linear)]
    private static partial Regex Float12();

    [GeneratedRegex("^([-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN))$", Linear)]
    private static partial Regex Special();

    [GeneratedRegex("^(yes|Yes|YES|true|True|TRUE|on|On|ON)$", Linear)]
    private static partial Regex True11();

    [GeneratedRegex("^(no|No|NO|false|False|FALSE|off|Off|OFF)$", Linear)]
    private static partial Regex False11();

    [GeneratedRegex("^[-+]?(0b[0-1_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)$", Linear)]
    private static partial Regex Integer11();

    [GeneratedRegex("^([-+]?[0-9][0-9_]*\\.[0-9_]*([eE][-+][0-9]+)?|\\.[0-9][0-9_]*([eE][-+][0-9]+)?)$", Linear)]
    private static partial Regex Float11();

    [GeneratedRegex("^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\\.[0-9_]*$", Linear)]
    private static partial Regex Sixties11();

    [GeneratedRegex(
        "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\\.[0-9]*)?"
        + "([ \\t]*(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?)$", Linear)]
    private static partial Regex Date11();

    private enum Kind
    {
        Null,
        Boolean,
        Integer,
        Float,
        String,
        Other,
    }

    // Floats are equal: both versions read the same digits, where both take them for one.
    private sealed record Reading(Kind Kind, string Value, string Text)
    {
        public static Reading Null { get; } = new(Kind.Null, "", "nothing");

        public static Reading True { get; } = new(Kind.Boolean, "true", "true");

        public static Reading False { get; } = new(Kind.Boolean, "false", "false");

        public static Reading Float { get; } = new(Kind.Float, "", "a number");

        public static Reading String { get; } = new(Kind.String, "", "text");

        public static Reading Of(BigInteger value)
        {
            var digits = value.ToString(CultureInfo.InvariantCulture);
            return new Reading(Kind.Integer, digits, $"the number {digits}");
        }

        public static Reading Of(string what) => new(Kind.Other, "", what);
    }
}

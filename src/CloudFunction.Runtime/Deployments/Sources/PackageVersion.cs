using System.Buffers;
using System.Globalization;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>A package's version, ordered as NuGet orders them (https://learn.microsoft.com/nuget/concepts/package-versioning): up to four numbers,
/// then a label that makes it a pre-release. Build metadata is left out.</summary>
internal sealed class PackageVersion : IComparable<PackageVersion>
{
    // Of real versions the longest, with a label and a commit in its metadata, have a hundred.
    private const int MaxLength = 256;

    private const int MaxNumbers = 4;
    private const int MaxDigits = 10;
    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> OfLabels = SearchValues.Create(LettersAndDigits + "-");
    private static readonly SearchValues<char> OfMetadata = SearchValues.Create(LettersAndDigits + "-.");

    private readonly int[] _numbers;
    private readonly string[] _labels;

    private PackageVersion(string text, int[] numbers, string[] labels)
    {
        Text = text;
        _numbers = numbers;
        _labels = labels;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>How many numbers were written.</summary>
    public int Precision => _numbers.Length;

    /// <summary>Whether it has a label.</summary>
    public bool IsPrerelease => _labels.Length > 0;

    /// <summary>Reads one.</summary>
    /// <returns>Null where the text is no version.</returns>
    public static PackageVersion? TryParse(string text)
    {
        if (text.Length > MaxLength)
        {
            return null;
        }

        var (withoutMetadata, metadata) = Cut(text, '+');
        var (core, label) = Cut(withoutMetadata, '-');
        string[] numbers = core.Split('.'), labels = label?.Split('.') ?? [];
        if (numbers.Length > MaxNumbers || !Array.TrueForAll(numbers, IsNumber) || !Array.TrueForAll(labels, IsLabel)
            || metadata is "" || metadata.AsSpan().ContainsAnyExcept(OfMetadata))
        {
            return null;
        }

        var values = new int[numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!int.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out values[i]))
            {
                return null; // More than an int holds.
            }
        }

        return new PackageVersion(withoutMetadata, values, labels);

        static (string Before, string? After) Cut(string text, char separator) =>
            text.IndexOf(separator, StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, null);
    }

    /// <summary>The first version beyond those that start with the same numbers, the last one left out: 1.5 for 1.4.2.</summary>
    /// <exception cref="FormatException">There is none: it has one number alone, or one that no number follows.</exception>
    public string NextSeries()
    {
        var numbers = _numbers[..^1];
        if (numbers is [] or [.., int.MaxValue])
        {
            throw new FormatException($"'{Text}' has no next series: write a lower and an upper bound.");
        }

        numbers[^1]++;
        return string.Join('.', numbers);
    }

    public int CompareTo(PackageVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        for (var i = 0; i < MaxNumbers; i++)
        {
            var difference = _numbers.ElementAtOrDefault(i).CompareTo(other._numbers.ElementAtOrDefault(i));
            if (difference != 0)
            {
                return difference;
            }
        }

        return CompareLabels(_labels, other._labels);
    }

    // A release comes after its pre-releases; numbers come before words, and a longer list of labels after a shorter one.
    private static int CompareLabels(string[] left, string[] right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length);
        }

        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            var isNumber = int.TryParse(left[i], NumberStyles.None, CultureInfo.InvariantCulture, out var a);
            var isOtherNumber = int.TryParse(right[i], NumberStyles.None, CultureInfo.InvariantCulture, out var b);
            var difference = isNumber && isOtherNumber ? a.CompareTo(b)
                : isNumber != isOtherNumber ? isOtherNumber.CompareTo(isNumber)
                : StringComparer.OrdinalIgnoreCase.Compare(left[i], right[i]);
            if (difference != 0)
            {
                return difference;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static bool IsNumber(string text) => text.Length is > 0 and <= MaxDigits && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static bool IsLabel(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(OfLabels);
}

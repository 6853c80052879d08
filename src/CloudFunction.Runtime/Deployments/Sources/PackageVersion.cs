using System.Globalization;
using System.Text.RegularExpressions;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>A package's version, ordered as NuGet orders them (https://learn.microsoft.com/nuget/concepts/package-versioning): up to four numbers,
/// then a label that makes it a pre-release. Build metadata is left out.</summary>
internal sealed partial class PackageVersion : IComparable<PackageVersion>
{
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

    /// <summary>Reads one.</summary>
    /// <returns>Null where the text is no version.</returns>
    public static PackageVersion? TryParse(string text)
    {
        if (!Syntax().IsMatch(text))
        {
            return null;
        }

        var withoutMetadata = text.Split('+', 2)[0];
        var parts = withoutMetadata.Split('-', 2);
        var numbers = new List<int>();
        foreach (var number in parts[0].Split('.'))
        {
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return null; // More than an int holds.
            }

            numbers.Add(value);
        }

        return new PackageVersion(withoutMetadata, [.. numbers], parts.Length == 1 ? [] : parts[1].Split('.'));
    }

    /// <summary>The first version beyond those that start with the same numbers, the last one left out: 1.5 for 1.4.2.</summary>
    public string NextSeries()
    {
        var numbers = _numbers[..^1];
        numbers[^1]++;
        return string.Join('.', numbers);
    }

    public int CompareTo(PackageVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        for (var i = 0; i < 4; i++)
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

    [GeneratedRegex(@"\A[0-9]{1,10}(\.[0-9]{1,10}){0,3}(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z.-]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Syntax();
}

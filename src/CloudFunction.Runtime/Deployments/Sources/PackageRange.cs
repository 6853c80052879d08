namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Versions that will do, to hold one against that is there already. For ranges as
/// <see cref="PackageRequirement.Range"/> has them.</summary>
internal sealed class PackageRange
{
    private readonly PackageVersion? _lower;
    private readonly PackageVersion? _upper;
    private readonly bool _isLowerIncluded;
    private readonly bool _isUpperIncluded;

    private PackageRange(PackageVersion? lower, PackageVersion? upper, bool isLowerIncluded, bool isUpperIncluded)
    {
        _lower = lower;
        _upper = upper;
        _isLowerIncluded = isLowerIncluded;
        _isUpperIncluded = isUpperIncluded;
    }

    /// <summary>Reads a range.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static PackageRange Parse(string range)
    {
        if (range == "*")
        {
            return new PackageRange(null, null, false, false);
        }

        if (range.EndsWith(".*", StringComparison.Ordinal))
        {
            var start = Version(range[..^2])!;
            var next = Version(range[..^1] + "0")!.NextSeries();
            return new PackageRange(start, Version(next + "-0"), true, false); // -0 comes before all pre-releases of the next series
        }

        if (range[0] is not ('[' or '('))
        {
            return new PackageRange(Version(range), null, true, false);
        }

        var bounds = range[1..^1].Split(',', StringSplitOptions.TrimEntries);
        return new PackageRange(Version(bounds[0]), Version(bounds[^1]), range[0] == '[', range[^1] == ']');
    }

    /// <summary>Whether a version will do.</summary>
    public bool Contains(PackageVersion version) =>
        IsReachedBy(version) && Compare(_upper, version) is var difference && (difference > 0 || (difference == 0 && _isUpperIncluded));

    /// <summary>Whether a version will do as far as the lower bound goes.</summary>
    public bool IsReachedBy(PackageVersion version) =>
        _lower is null || version.CompareTo(_lower) is var difference && (difference > 0 || (difference == 0 && _isLowerIncluded));

    // No bound lies beyond every version.
    private static int Compare(PackageVersion? upper, PackageVersion version) => upper is null ? 1 : upper.CompareTo(version);

    private static PackageVersion? Version(string text) =>
        text.Length == 0 ? null : PackageVersion.TryParse(text) ?? throw new FormatException($"'{text}' is not a version.");
}

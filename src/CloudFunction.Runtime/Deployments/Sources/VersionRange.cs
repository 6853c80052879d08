namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Turns the versions of a line of <c>requirements.txt</c> into a range of NuGet's.</summary>
internal sealed class VersionRange
{
    private readonly string _name;
    private PackageVersion? _lower;
    private PackageVersion? _upper;
    private bool _lowerIncluded;
    private bool _upperIncluded;

    private VersionRange(string name) => _name = name;

    /// <summary>The range that all the specifiers allow.</summary>
    /// <param name="name">The package, for messages.</param>
    /// <param name="specifiers">Such as <c>>=1.2</c>.</param>
    /// <exception cref="FormatException">One is wrong, or no version meets all of them.</exception>
    public static string Of(string name, IReadOnlyList<string> specifiers)
    {
        if (specifiers.Count == 0)
        {
            return "*";
        }

        if (specifiers is [['=', '=', .. var series]] && series.TrimStart() is [.. var start, '.', '*'])
        {
            return SeriesOf(start, specifiers[0]);
        }

        var range = new VersionRange(name);
        foreach (var specifier in specifiers)
        {
            range.Add(specifier);
        }

        return range.Format();
    }

    // NuGet's own floating pre-releases (2.0.0-beta.*) would be another thing: the newest of them at each build.
    private static string SeriesOf(string start, string specifier)
    {
        var version = Version(start);
        if (version.IsPrerelease || version.Precision > 3)
        {
            throw new FormatException(
                $"'{specifier}' is not a series of versions: before .* stand one to three numbers, as in ==2.1.*; for pre-releases write "
                + ">=2.0.0-beta.");
        }

        Version($"{start}.0").NextSeries(); // There is one.
        return $"{version.Text}.*";
    }

    private void Add(string specifier)
    {
        var sign = specifier.Length > 1 && specifier[1] == '=' ? specifier[..2] : specifier[..1];
        if (sign == "!=")
        {
            throw new FormatException($"'{specifier}' has no equivalent in NuGet; give {_name} a lower or an upper bound (>=, >, <=, <).");
        }

        var version = Version(specifier[sign.Length..].Trim());
        switch (sign)
        {
            case "==":
                Raise(version, included: true);
                Lower(version, included: true);
                break;
            case "~=" when version.Precision < 2:
                throw new FormatException($"'{specifier}' needs two numbers at least, such as ~=1.4: the last one may grow.");
            case "~=":
                Raise(version, included: true);
                Lower(Version(version.NextSeries()), included: false);
                break;
            case ">=" or ">":
                Raise(version, sign == ">=");
                break;
            default:
                Lower(version, sign == "<=");
                break;
        }
    }

    private static PackageVersion Version(string text) =>
        PackageVersion.TryParse(text)
        ?? throw new FormatException($"'{text}' is not a version; allowed are up to four numbers and a label, such as 1.2.3 or 2.0.0-beta.1.");

    private void Raise(PackageVersion version, bool included)
    {
        var difference = version.CompareTo(_lower);
        if (difference > 0 || (difference == 0 && !included))
        {
            (_lower, _lowerIncluded) = (version, included);
        }
    }

    private void Lower(PackageVersion version, bool included)
    {
        var difference = _upper is null ? -1 : version.CompareTo(_upper);
        if (difference < 0 || (difference == 0 && !included))
        {
            (_upper, _upperIncluded) = (version, included);
        }
    }

    private string Format()
    {
        if (_lower is not null && _upper is not null)
        {
            var difference = _lower.CompareTo(_upper);
            if (difference > 0 || (difference == 0 && !(_lowerIncluded && _upperIncluded)))
            {
                throw new FormatException($"No version of {_name} can be {(_lowerIncluded ? "at least" : "above")} {_lower.Text} and "
                    + $"{(_upperIncluded ? "at most" : "below")} {_upper.Text}.");
            }

            if (difference == 0)
            {
                return $"[{_lower.Text}]";
            }
        }

        return $"{(_lowerIncluded ? '[' : '(')}{_lower?.Text}, {_upper?.Text}{(_upperIncluded ? ']' : ')')}";
    }
}

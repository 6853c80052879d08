using System.Text.RegularExpressions;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>The lines that begin with <c>#:</c> in a C# file, before its code
/// (https://learn.microsoft.com/dotnet/core/sdk/file-based-apps): packages and build properties.</summary>
/// <param name="Packages">The packages that <c>#:package Name@Version</c> names; without a version any will do.</param>
/// <param name="Properties">What <c>#:property Name=Value</c> sets.</param>
internal sealed partial record SourceDirectives(IReadOnlyList<PackageRequirement> Packages, IReadOnlyList<SourceProperty> Properties)
{
    private const string Start = "#:";

    /// <summary>Reads those of one file.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="shownAs">What messages call it.</param>
    /// <param name="errors">Hears of lines that are wrong.</param>
    public static SourceDirectives Read(string text, string shownAs, ICollection<string> errors)
    {
        List<PackageRequirement> packages = [];
        List<SourceProperty> properties = [];
        var number = 0;
        var inComment = false;
        foreach (var line in text.EnumerateLines())
        {
            number++;
            var content = line.Trim().Trim((char)0xFEFF);
            if (!inComment && content.StartsWith(Start))
            {
                Add(content[Start.Length..].Trim().ToString(), $"{shownAs}:{number}", packages, properties, errors);
            }
            else if (!IsBeforeCode(content, ref inComment))
            {
                break; // Further down such a line is the compiler's to refuse.
            }
        }

        return new SourceDirectives(packages, properties);
    }

    private static void Add(string directive, string where, List<PackageRequirement> packages, List<SourceProperty> properties, ICollection<string> errors)
    {
        var package = Package().Match(directive);
        var property = Property().Match(directive);
        if (package.Success)
        {
            var (name, version) = (package.Groups["name"].Value, package.Groups["version"].Value);
            packages.Add(new PackageRequirement(name, version.Length == 0 ? name : $"{name}=={version}", version.Length == 0 ? "*" : version, where));
        }
        else if (property.Success)
        {
            properties.Add(new SourceProperty(property.Groups["name"].Value, property.Groups["value"].Value.Trim(), where));
        }
        else
        {
            errors.Add($"{where}: '{Start}{directive}' is not known here; allowed are '#:package Name@Version', the version optional, and '#:property Name=Value'.");
        }
    }

    // Blank lines, comments and other directives.
    private static bool IsBeforeCode(ReadOnlySpan<char> content, ref bool inComment)
    {
        while (content.Length > 0)
        {
            if (inComment)
            {
                var end = content.IndexOf("*/", StringComparison.Ordinal);
                if (end < 0)
                {
                    return true;
                }

                inComment = false;
                content = content[(end + 2)..].TrimStart();
            }
            else if (content.StartsWith("/*", StringComparison.Ordinal))
            {
                inComment = true;
                content = content[2..];
            }
            else
            {
                return content.StartsWith("//", StringComparison.Ordinal) || content[0] == '#';
            }
        }

        return true;
    }

    [GeneratedRegex(@"\Apackage\s+(?<name>[A-Za-z0-9_][A-Za-z0-9_.-]{0,99})\s*(?:@\s*(?<version>[0-9A-Za-z.*+\[\](), -]+?))?\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Package();

    [GeneratedRegex(@"\Aproperty\s+(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*=(?<value>.*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Property();
}

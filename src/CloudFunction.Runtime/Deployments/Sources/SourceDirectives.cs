using System.Buffers;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>The lines that begin with <c>#:</c> in a C# file, before its code
/// (https://learn.microsoft.com/dotnet/core/sdk/file-based-apps): packages and build properties.</summary>
/// <param name="Packages">The packages that <c>#:package Name@Version</c> names; without a version any will do.</param>
/// <param name="Properties">What <c>#:property Name=Value</c> sets.</param>
internal sealed record SourceDirectives(IReadOnlyList<PackageRequirement> Packages, IReadOnlyList<SourceProperty> Properties)
{
    /// <summary>How many such lines a project may have: of a hundred files each with all of a project's packages and properties.</summary>
    public const int MaxLines = 10_000;

    private const string Start = "#:";
    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // A property that lists something, such as warnings, has some hundred characters.
    private const int MaxLineLength = 4096;

    private static readonly SearchValues<char> OfVersions = SearchValues.Create(LettersAndDigits + ".*+[](), -");
    private static readonly SearchValues<char> OfPropertyNames = SearchValues.Create(LettersAndDigits + "_");

    /// <summary>Reads those of one file.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="shownAs">What messages call it.</param>
    /// <param name="errors">Collects the lines that are wrong.</param>
    public static SourceDirectives Read(string text, string shownAs, BoundedLines errors)
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
                if (packages.Count + properties.Count == MaxLines)
                {
                    errors.Add($"{shownAs}:{number}: this line is one too many; at most {MaxLines} are allowed that begin with '{Start}'.");
                    break;
                }

                Add(content[Start.Length..].Trim(), $"{shownAs}:{number}", packages, properties, errors);
            }
            else if (!TrySkip(content, ref inComment))
            {
                break; // Further down such a line is the compiler's to refuse.
            }
        }

        return new SourceDirectives(packages, properties);
    }

    private static void Add(
        ReadOnlySpan<char> directive, string where, List<PackageRequirement> packages, List<SourceProperty> properties, BoundedLines errors)
    {
        if (directive.Length > MaxLineLength)
        {
            errors.Add($"{where}: the line has {directive.Length} characters; at most {MaxLineLength} are allowed.");
        }
        else if (TryReadPackage(directive, out var package, out var version))
        {
            packages.Add(version.Length == 0
                ? new PackageRequirement(package, package, "*", where)
                : new PackageRequirement(package, $"{package}=={version}", version, where));
        }
        else if (TryReadProperty(directive, out var property, out var value))
        {
            properties.Add(new SourceProperty(property, value, where));
        }
        else
        {
            errors.Add(
                $"{where}: '{Start}{directive}' cannot be read; allowed are '#:package Name@Version', the version optional, and "
                + "'#:property Name=Value'.");
        }
    }

    // Blank lines, comments and other directives.
    private static bool TrySkip(ReadOnlySpan<char> content, ref bool inComment)
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

    // package Name@Version, or package Name.
    private static bool TryReadPackage(ReadOnlySpan<char> directive, out string name, out string version)
    {
        (name, version) = ("", "");
        if (!TryCutWord(directive, "package", out var rest) || PackageName.LengthIn(rest) is not (> 0 and var length))
        {
            return false;
        }

        name = rest[..length].ToString();
        rest = rest[length..].TrimStart();
        version = rest is ['@', ..] ? rest[1..].TrimStart().ToString() : "";
        return rest.IsEmpty || (version.Length > 0 && !version.AsSpan().ContainsAnyExcept(OfVersions));
    }

    // property Name=Value.
    private static bool TryReadProperty(ReadOnlySpan<char> directive, out string name, out string value)
    {
        (name, value) = ("", "");
        if (!TryCutWord(directive, "property", out var rest) || rest.IndexOf('=') is not (> 0 and var equals))
        {
            return false;
        }

        (name, value) = (rest[..equals].TrimEnd().ToString(), rest[(equals + 1)..].Trim().ToString());
        return name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(OfPropertyNames);
    }

    private static bool TryCutWord(ReadOnlySpan<char> directive, string word, out ReadOnlySpan<char> rest)
    {
        var isThere = directive.StartsWith(word, StringComparison.Ordinal) && directive.Length > word.Length
            && char.IsWhiteSpace(directive[word.Length]);
        rest = isThere ? directive[word.Length..].TrimStart() : default;
        return isThere;
    }
}

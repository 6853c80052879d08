using System.Text;
using System.Text.RegularExpressions;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Reads <c>requirements.txt</c>: a package on each line, with the versions that will do, in the manner of pip.</summary>
internal static partial class RequirementsFile
{
    /// <summary>Its name.</summary>
    public const string FileName = "requirements.txt";

    // A line for each of ten thousand packages; a larger file is no list of packages.
    private const long MaxBytes = 1 << 20;

    private const char ByteOrderMark = (char)0xFEFF;

    /// <summary>Reads the file of a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="shownAs">What messages call the file.</param>
    /// <returns>Its packages in their order; none where there is no such file.</returns>
    /// <exception cref="DeploymentException">Lines are wrong; all of them are named.</exception>
    /// <exception cref="IOException">It cannot be read at this moment.</exception>
    public static IReadOnlyList<PackageRequirement> Read(string directory, string shownAs = FileName)
    {
        var file = new FileInfo(Path.Combine(directory, FileName));
        if (!file.Exists)
        {
            return [];
        }

        if (file.Length > MaxBytes)
        {
            throw new DeploymentException(DeploymentErrorCode.DependencyError, $"{shownAs} has {file.Length} bytes; at most {MaxBytes} are allowed.");
        }

        return Parse(File.ReadAllText(file.FullName, Encoding.UTF8), shownAs);
    }

    /// <summary>Reads the text of such a file.</summary>
    /// <exception cref="DeploymentException">Lines are wrong; all of them are named.</exception>
    public static IReadOnlyList<PackageRequirement> Parse(string text, string shownAs = FileName)
    {
        List<PackageRequirement> packages = [];
        List<string> errors = [];
        var number = 0;
        foreach (var line in text.AsSpan().TrimStart(ByteOrderMark).EnumerateLines())
        {
            var where = $"{shownAs}:{++number}";
            var content = WithoutComment(line.ToString()).Trim();
            if (content.Length == 0)
            {
                continue;
            }

            try
            {
                var package = ParseLine(content, where);
                if (packages.Find(known => known.Name.Equals(package.Name, StringComparison.OrdinalIgnoreCase)) is { } known)
                {
                    throw new FormatException($"{package.Name} is named already at {known.Where}; name each package once.");
                }

                packages.Add(package);
            }
            catch (FormatException exception)
            {
                errors.Add($"{where}: {exception.Message}");
            }
        }

        return errors.Count == 0 ? packages : throw new DeploymentException(DeploymentErrorCode.DependencyError, string.Join('\n', errors));
    }

    private static PackageRequirement ParseLine(string content, string where)
    {
        if (content[0] == '-')
        {
            throw new FormatException($"'{content}' is an option of pip, which has no meaning here; allowed is a package's name with its versions.");
        }

        var match = Line().Match(content);
        if (!match.Success)
        {
            throw new FormatException($"'{content}' is no package; allowed is Name, Name==1.2.3, or Name>=1.2,<2 (with ==, ~=, >=, >, <= and <).");
        }

        var name = match.Groups["name"].Value;
        var specifiers = match.Groups["versions"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new PackageRequirement(name, name + string.Join(',', specifiers.Select(s => s.Replace(" ", "", StringComparison.Ordinal))), VersionRange.Of(name, specifiers), where);
    }

    // As pip does: a comment begins a line or follows white space.
    private static string WithoutComment(string line)
    {
        for (var i = line.IndexOf('#', StringComparison.Ordinal); i >= 0; i = line.IndexOf('#', i + 1))
        {
            if (i == 0 || char.IsWhiteSpace(line[i - 1]))
            {
                return line[..i];
            }
        }

        return line;
    }

    [GeneratedRegex(@"\A(?<name>[A-Za-z0-9_][A-Za-z0-9_.-]{0,99})\s*(?<versions>(?:(?:==|~=|>=|<=|>|<|!=)\s*[^\s,;=<>!~]+\s*,?\s*)*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Line();
}

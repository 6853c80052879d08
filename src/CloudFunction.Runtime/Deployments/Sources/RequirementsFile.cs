using System.Text;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Reads <c>requirements.txt</c>: a package on each line, with the versions that will do, in the manner of pip.</summary>
internal static class RequirementsFile
{
    /// <summary>Its name.</summary>
    public const string FileName = "requirements.txt";

    /// <summary>How many packages a project may ask for: ten times what the largest do. Each costs its restore a question to a server.</summary>
    public const int MaxPackages = 1000;

    // For each of them ten lines of comments, long ones; a larger file is no list of packages.
    private const int MaxLines = 10_000;
    private const int MaxBytes = 1 << 20;

    // A package's longest name, and more bounds than any has.
    private const int MaxLineLength = 1000;

    private const char ByteOrderMark = (char)0xFEFF;

    /// <summary>Reads the file of a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="shownAs">What messages call the file.</param>
    /// <returns>Its packages in their order; none where there is no such file.</returns>
    /// <exception cref="DeploymentException">Lines are wrong, and the first ones are named; or there are too many.</exception>
    /// <exception cref="IOException">It cannot be read at this moment.</exception>
    public static IReadOnlyList<PackageRequirement> Read(string directory, string shownAs = FileName)
    {
        if (SmallFile.TryRead(Path.Combine(directory, FileName), MaxBytes) is not { } content)
        {
            return [];
        }

        if (content.Length > MaxBytes)
        {
            throw new DeploymentException(
                DeploymentErrorCode.DependencyError, $"{shownAs} is too large; at most {MaxBytes} bytes are allowed.");
        }

        // UTF-8, unless a byte order mark says otherwise.
        using var reader = new StreamReader(new MemoryStream(content), Encoding.UTF8);
        return Parse(reader.ReadToEnd(), shownAs);
    }

    /// <summary>Reads the text of such a file.</summary>
    /// <exception cref="DeploymentException">Lines are wrong, and the first ones are named; or there are too many.</exception>
    public static IReadOnlyList<PackageRequirement> Parse(string text, string shownAs = FileName)
    {
        Dictionary<string, PackageRequirement> packages = new(StringComparer.OrdinalIgnoreCase);
        var errors = new BoundedLines();
        var number = 0;
        foreach (var line in text.AsSpan().TrimStart(ByteOrderMark).EnumerateLines())
        {
            if (++number > MaxLines || packages.Count > MaxPackages)
            {
                throw new DeploymentException(
                    DeploymentErrorCode.DependencyError,
                    $"{shownAs}:{number}: this is too much; at most {MaxLines} lines with {MaxPackages} packages are allowed.");
            }

            var where = $"{shownAs}:{number}";
            var content = WithoutComment(line).Trim();
            if (content.IsEmpty)
            {
                continue;
            }

            try
            {
                var package = ParseLine(content, where);
                if (!packages.TryAdd(package.Name, package))
                {
                    throw new FormatException($"{package.Name} is named already at {packages[package.Name].Where}; name each package once.");
                }
            }
            catch (FormatException exception)
            {
                errors.Add($"{where}: {exception.Message}");
            }
        }

        return errors.Any ? throw new DeploymentException(DeploymentErrorCode.DependencyError, errors.ToString()) : [.. packages.Values];
    }

    private static PackageRequirement ParseLine(ReadOnlySpan<char> content, string where)
    {
        if (content.Length > MaxLineLength)
        {
            throw new FormatException($"The line has {content.Length} characters; at most {MaxLineLength} are allowed.");
        }

        if (content[0] == '-')
        {
            throw new FormatException($"'{content}' is an option of pip, which has no meaning here; allowed is a package's name with its versions.");
        }

        var end = PackageName.LengthIn(content);
        var versions = content[end..].TrimStart();
        if (end == 0 || !AreSpecifiers(versions))
        {
            throw new FormatException($"'{content}' is not a package; allowed is Name, Name==1.2.3, or Name>=1.2,<2 (with ==, ~=, >=, >, <= and <).");
        }

        var name = content[..end].ToString();
        var specifiers = versions.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new PackageRequirement(
            name,
            name + string.Join(',', specifiers.Select(s => s.Replace(" ", "", StringComparison.Ordinal))),
            VersionRange.Of(name, specifiers),
            where);
    }

    // As pip does: a comment begins a line or follows white space.
    private static ReadOnlySpan<char> WithoutComment(ReadOnlySpan<char> line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '#' && (i == 0 || char.IsWhiteSpace(line[i - 1])))
            {
                return line[..i];
            }
        }

        return line;
    }

    // ==1.2, >=1,<2 or >= 1 , < 2: a sign, a version, and perhaps a comma before the next one.
    private static bool AreSpecifiers(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var sign = text is ['=' or '~' or '>' or '<' or '!', '=', ..] ? 2 : text[0] is '>' or '<' ? 1 : 0;
            var version = text[sign..].TrimStart();
            var length = 0;
            while (length < version.Length && !EndsVersion(version[length]))
            {
                length++;
            }

            if (sign == 0 || length == 0)
            {
                return false;
            }

            text = version[length..].TrimStart();
            text = text is [',', ..] ? text[1..].TrimStart() : text;
        }

        return true;
    }

    private static bool EndsVersion(char character) => char.IsWhiteSpace(character) || character is ',' or ';' or '=' or '<' or '>' or '!' or '~';
}

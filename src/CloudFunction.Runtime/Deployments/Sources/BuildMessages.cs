using System.Text.RegularExpressions;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Reads what compiler, build and restore have to say.</summary>
internal static partial class BuildMessages
{
    // Who has more errors than that has one mistake with many consequences.
    private const int MaxShown = 20;

    /// <summary>The exception that tells a failed build.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="sourceDirectory">Where it read the sources: their paths are told from there.</param>
    /// <param name="packages">What the project asks for: a package that is not found is told by the line that names it.</param>
    public static DeploymentException Describe(SdkResult result, string sourceDirectory, IReadOnlyList<PackageRequirement> packages)
    {
        var text = result.Output + "\n" + result.Errors;
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(sourceDirectory)) + Path.DirectorySeparatorChar;
        List<string> compile = [];
        List<string> restore = [];
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal))
        {
            if (Located().Match(line) is { Success: true } at)
            {
                var file = at.Groups["file"].Value;
                var shown = file.StartsWith(root, StringComparison.OrdinalIgnoreCase) ? file[root.Length..].Replace(Path.DirectorySeparatorChar, '/') : Path.GetFileName(file);
                compile.Add($"{shown}:{at.Groups["line"].Value}:{at.Groups["column"].Value}: {at.Groups["code"].Value}: {at.Groups["message"].Value}");
            }
            else if (Unlocated().Match(line) is { Success: true } found)
            {
                var (code, message) = (found.Groups["code"].Value, found.Groups["message"].Value);
                (code.StartsWith("NU", StringComparison.Ordinal) ? restore : compile).Add($"{WhereNamed(message, packages)}{code}: {message}");
            }
        }

        if (compile.Count > 0)
        {
            return new DeploymentException(DeploymentErrorCode.Invalid, "The project does not compile.\n" + Shorten(compile.Distinct()));
        }

        return restore.Count > 0
            ? new DeploymentException(DeploymentErrorCode.DependencyError, "Its packages cannot be restored.\n" + Shorten(restore.Distinct()))
            : new DeploymentException(DeploymentErrorCode.Invalid, $"The build ended with code {result.ExitCode}.\n" + Tail(text));
    }

    private static string WhereNamed(string message, IReadOnlyList<PackageRequirement> packages) =>
        packages.FirstOrDefault(package => Regex.IsMatch(message, $@"(?<![\w.-]){Regex.Escape(package.Name)}(?![\w-]|\.\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)) is { } named
            ? $"{named.Where}: "
            : "";

    private static string Shorten(IEnumerable<string> lines)
    {
        var all = lines.ToList();
        return string.Join('\n', all.Take(MaxShown)) + (all.Count > MaxShown ? $"\n… and {all.Count - MaxShown} more." : "");
    }

    private static string Tail(string text) => string.Join('\n', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).TakeLast(MaxShown));

    [GeneratedRegex(@"\A(?<file>.+?)\((?<line>\d+),(?<column>\d+)(?:,\d+,\d+)?\)\s*: error (?<code>\w+)\s*: (?<message>.*?)(?: \[[^\]]+\])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Located();

    [GeneratedRegex(@"\A(?:.*? : |.*?: )?error (?<code>[A-Z]+\d+)\s*: (?<message>.*?)(?: \[[^\]]+\])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Unlocated();
}

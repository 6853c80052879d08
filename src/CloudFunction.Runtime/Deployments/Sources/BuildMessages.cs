using System.Text.RegularExpressions;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Reads what compiler, build and restore report.</summary>
internal static class BuildMessages
{
    // Of a build that ended with nothing that is known.
    private const int TailLines = 20;

    // Beyond them nobody counts.
    private const int MaxErrors = 1000;

    // Messages have some hundred characters; a build may print what it likes.
    private const int MaxLineLength = 4096;

    private const string Error = "error ";
    private const string MissingProject = "warning MSB9008:";

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly Regex Located =
        new(@"\A(?<file>.+?)\((?<line>\d+),(?<column>\d+)(?:,\d+,\d+)?\)\s*: error (?<code>\w+)\s*: (?<message>.*?)(?: \[[^\]]+\])?\z", Options);

    private static readonly Regex Missing =
        new(@"warning MSB9008: The referenced project (?<path>.+?) does not exist\.", Options);

    private static readonly Regex Unlocated =
        new(@"\A(?:.*? : |.*?: )?error (?<code>[A-Z]+\d+)\s*: (?<message>.*?)(?: \[[^\]]+\])?\z", Options);

    /// <summary>The exception of a failed build.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="sourceDirectory">Where it read the sources: their paths are relative to it.</param>
    /// <param name="packages">What the project asks for: a package that is not found is reported by the line that names it.</param>
    public static DeploymentException Describe(SdkResult result, string sourceDirectory, IReadOnlyList<PackageRequirement> packages)
    {
        var text = result.Output + "\n" + result.Errors;
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(sourceDirectory)) + Path.DirectorySeparatorChar;
        var (compile, restore, missing) = (new BoundedLines(), new BoundedLines(), new BoundedLines());
        var (lines, known) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var each in text.AsSpan().EnumerateLines())
        {
            // Most lines are no errors, and take no more time than this.
            var content = each.Trim();
            if (!content.Contains(Error, StringComparison.Ordinal) && !content.Contains(MissingProject, StringComparison.Ordinal))
            {
                continue;
            }

            // A build reports the same line by the hundred, once for each project that it passes through.
            var line = Cut(content);
            if (known.Count == MaxErrors || !lines.Add(line))
            {
                continue;
            }

            if (Missing.Match(line) is { Success: true } reference && known.Add(reference.Value))
            {
                missing.Add($"{reference.Groups["path"].Value} does not exist: only what lies in the project's folder is built.");
            }
            else if (Find(line, root, packages) is var (code, error) && known.Add(error))
            {
                (code.StartsWith("NU", StringComparison.Ordinal) ? restore : compile).Add(error);
            }
        }

        // What the compiler then reports, follows from it.
        if (missing.Any)
        {
            return new DeploymentException(DeploymentErrorCode.Invalid, $"The project references projects that are not there.\n{missing}");
        }

        if (compile.Any)
        {
            return new DeploymentException(DeploymentErrorCode.Invalid, $"The project does not compile.\n{compile}");
        }

        return restore.Any
            ? new DeploymentException(DeploymentErrorCode.DependencyError, $"Its packages cannot be restored.\n{restore}")
            : new DeploymentException(DeploymentErrorCode.Invalid, $"The build ended with code {result.ExitCode}.\n" + Tail(text));
    }

    private static (string Code, string Error)? Find(string line, string root, IReadOnlyList<PackageRequirement> packages)
    {
        if (Located.Match(line) is { Success: true } at)
        {
            var file = at.Groups["file"].Value;
            var shown = file.StartsWith(root, StringComparison.OrdinalIgnoreCase)
                ? file[root.Length..].Replace(Path.DirectorySeparatorChar, '/')
                : Path.GetFileName(file);
            return ("", $"{shown}:{at.Groups["line"].Value}:{at.Groups["column"].Value}: {at.Groups["code"].Value}: {at.Groups["message"].Value}");
        }

        if (Unlocated.Match(line) is { Success: true } found)
        {
            var (code, message) = (found.Groups["code"].Value, found.Groups["message"].Value);
            return (code, $"{WhereNamed(message, packages)}{code}: {message}");
        }

        return null;
    }

    private static string WhereNamed(string message, IReadOnlyList<PackageRequirement> packages) =>
        packages.FirstOrDefault(package => Names(message, package.Name)) is { } named ? $"{named.Where}: " : "";

    // Not within a longer name: Humanizer is not named by Humanizer.Core, and is by "Humanizer." at a sentence's end.
    private static bool Names(string message, string package)
    {
        for (var start = Next(0); start >= 0; start = Next(start + 1))
        {
            var end = start + package.Length;
            var goesOn = At(end) == '-' || IsOfWord(At(end)) || (At(end) == '.' && IsOfWord(At(end + 1)));
            if (!goesOn && !(IsOfWord(At(start - 1)) || At(start - 1) is '.' or '-'))
            {
                return true;
            }
        }

        return false;

        int Next(int from) => message.IndexOf(package, from, StringComparison.OrdinalIgnoreCase);

        char At(int index) => index >= 0 && index < message.Length ? message[index] : ' ';

        static bool IsOfWord(char character) => char.IsLetterOrDigit(character) || character == '_';
    }

    private static string Tail(string text)
    {
        var lines = new List<string>();
        var rest = text.AsSpan().TrimEnd();
        while (!rest.IsEmpty && lines.Count < TailLines)
        {
            var start = rest.LastIndexOf('\n') + 1;
            lines.Add(Cut(rest[start..].Trim()));
            rest = rest[..start].TrimEnd();
        }

        lines.Reverse();
        return string.Join('\n', lines);
    }

    private static string Cut(ReadOnlySpan<char> line) => line[..Math.Min(line.Length, MaxLineLength)].ToString();
}

using System.Text.RegularExpressions;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Reads what compiler, build and restore report.</summary>
internal static class BuildMessages
{
    /// <summary>The code of a warning of a build's own additions, whose text is the path of an assembly that is referenced and not there. The
    /// SDK's own is not printed at each verbosity.</summary>
    public const string MissingAssembly = "CLOUDFUNCTION01";

    // Of a build that ended with nothing that is known.
    private const int TailLines = 20;

    // Beyond them nobody counts.
    private const int MaxErrors = 1000;

    // Messages have some hundred characters; a build may print what it likes.
    private const int MaxLineLength = 4096;

    private const string Error = "error ";
    private const string MissingProject = " MSB9008:";
    private const string Scope = "only what lies in the project's folder is built.";

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly Regex Located =
        new(
            @"\A(?<file>.+?)\((?<line>\d+),(?<column>\d+)(?:,\d+,\d+)?\)\s*: error (?<code>\w+)\s*: (?<message>.*?)(?: \[[^\]]*[/\\][^\]]*\])?\z",
            Options);

    private static readonly Regex ProjectMissing =
        new(@"(?:warning|error) MSB9008: The referenced project (?<path>.+?) does not exist\.", Options);

    private static readonly Regex AssemblyMissing =
        new($@"warning {MissingAssembly}: (?<path>.+?)(?: \[[^\]]*[/\\][^\]]*\])?\z", Options);

    private static readonly Regex Unlocated =
        new(@"\A(?:.*? : |.*?: )?error (?<code>[A-Z]+\d+)\s*: (?<message>.*?)(?: \[[^\]]*[/\\][^\]]*\])?\z", Options);

    /// <summary>The exception of a build that failed, or that lacks a project which it references: that alone is a warning for the SDK.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="sourceDirectory">Where it read the sources: their paths are relative to it.</param>
    /// <param name="packages">What the project asks for: a package that is not found is reported by the line that names it.</param>
    /// <returns>Null where the build is good.</returns>
    public static DeploymentException? Describe(SdkResult result, string sourceDirectory, IReadOnlyList<PackageRequirement> packages)
    {
        var text = result.Output + "\n" + result.Errors;
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(sourceDirectory)) + Path.DirectorySeparatorChar;
        var (compile, restore) = (new BoundedLines(), new BoundedLines());
        var (projects, assemblies) = (new BoundedLines(), new BoundedLines());
        var (lines, known) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var each in text.AsSpan().EnumerateLines())
        {
            // Most lines are no errors, and take no more time than this.
            var content = each.Trim();
            if (!content.Contains(Error, StringComparison.Ordinal) && !content.Contains(MissingProject, StringComparison.Ordinal)
                && !content.Contains(MissingAssembly, StringComparison.Ordinal))
            {
                continue;
            }

            // A build reports the same line by the hundred, once for each project that it passes through.
            var line = Cut(content);
            if (known.Count == MaxErrors || !lines.Add(line))
            {
                continue;
            }

            if (ProjectMissing.Match(line) is { Success: true } project)
            {
                if (known.Add(project.Groups["path"].Value))
                {
                    projects.Add($"{project.Groups["path"].Value} does not exist: {Scope}");
                }
            }
            else if (AssemblyMissing.Match(line) is { Success: true } assembly)
            {
                if (known.Add(assembly.Groups["path"].Value))
                {
                    assemblies.Add($"The assembly {assembly.Groups["path"].Value} is not found: {Scope}");
                }
            }
            else if (Find(line, root, packages) is var (code, error) && known.Add(error))
            {
                (code.StartsWith("NU", StringComparison.Ordinal) ? restore : compile).Add(error);
            }
        }

        // What the compiler then reports, follows from it.
        if (projects.Any)
        {
            return new DeploymentException(DeploymentErrorCode.Invalid, $"The project references projects that are not there.\n{projects}");
        }

        if (result.ExitCode == 0)
        {
            return null;
        }

        if (compile.Any && assemblies.Any)
        {
            return new DeploymentException(
                DeploymentErrorCode.Invalid, $"The project references assemblies that are not there.\n{assemblies}\n{compile}");
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
            var reported = at.Groups["code"].Value;
            return (
                "",
                $"{shown}:{at.Groups["line"].Value}:{at.Groups["column"].Value}: {reported}: {at.Groups["message"].Value}{AdviceOf(reported)}");
        }

        if (Unlocated.Match(line) is { Success: true } found)
        {
            var (code, message) = (found.Groups["code"].Value, found.Groups["message"].Value);
            return (code, $"{WhereNamed(message, packages)}{code}: {message}{AdviceOf(code)}");
        }

        return null;
    }

    // Of files beside the project's folder, which a developer's own build finds: sources, imports, content, and versions of packages.
    private static string AdviceOf(string code) => code switch
    {
        "CS2001" or "MSB4019" or "MSB3030" => $" Note: {Scope}",
        "CS1705" => " Note: functions are built for .NET 10; set TargetFramework to net10.0.",
        "NU1015" or "NU1010" => " Note: only what lies in the project's folder is read, no Directory.Packages.props above it.",
        _ => "",
    };

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

using System.Text.Json;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>How the build called the C# compiler, so that a change of the sources alone needs no build.</summary>
internal static class CompilerArguments
{
    /// <summary>What to ask the build for.</summary>
    public const string Item = "CscCommandLineArgs";

    /// <summary>Takes the arguments from what the build answered, less the project's own source files.</summary>
    /// <param name="answer">The build's standard output: JSON.</param>
    /// <param name="sourceDirectory">The folder of those, relative to the project file.</param>
    /// <returns>Null where the compiler was not called, since nothing had changed.</returns>
    public static IReadOnlyList<string>? Read(string answer, string sourceDirectory)
    {
        using var document = JsonDocument.Parse(answer);
        var items = document.RootElement.GetProperty("Items").GetProperty(Item);
        var arguments = items.EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)
            .Where(argument => !IsSource(argument))
            .ToList();
        return arguments.Count == 0 ? null : arguments;

        // The rest are options, and files that the build itself has written.
        bool IsSource(string argument) => argument.Replace('\\', '/').StartsWith(sourceDirectory + "/", StringComparison.Ordinal);
    }

    /// <summary>The file through which the compiler reads arguments: one on each line.</summary>
    public static string Format(IEnumerable<string> arguments) =>
        // /noconfig is allowed on the command line alone.
        string.Join('\n', arguments.Where(argument => argument != "/noconfig").Select(Quote)) + "\n";

    /// <summary>The arguments in such a file.</summary>
    public static IReadOnlyList<string> Parse(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line is ['"', .. var inner, '"'] ? inner : line),
    ];

    // As the compiler reads such a file: quotation marks group, and an option's own ones stay.
    private static string Quote(string argument) =>
        !argument.Contains(' ', StringComparison.Ordinal) || argument.Contains('"', StringComparison.Ordinal) ? argument : $"\"{argument}\"";
}

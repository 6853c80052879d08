namespace CloudFunction.Runtime.Configuration;

/// <summary>
/// The variables of a <c>.env</c> file. One <c>NAME=value</c> per line, with or without <c>export</c> before it; blank lines and those
/// that begin with <c>#</c> are comments. A bare value is trimmed and ends before a <c>#</c> that follows white space. In single quotes
/// <c>\\ \'</c> are escapes, in double quotes <c>\n \r \t \\ \" \' \$</c>; both may span lines. <c>${NAME}</c> is replaced where that is asked
/// for; <c>\$</c> then is no escape. What python-dotenv reads otherwise is warned of, but for what stands in single quotes.
/// </summary>
internal sealed class DotEnvFile
{
    /// <summary>The file's usual name.</summary>
    public const string FileName = ".env";

    /// <summary>How large it may be: a hundred times what anybody writes by hand.</summary>
    internal const int MaxBytes = 1 << 20;

    internal DotEnvFile(IReadOnlyList<DotEnvEntry> entries, IReadOnlyList<string> warnings, IReadOnlyList<string> errors)
    {
        Entries = entries;
        Warnings = warnings;
        Errors = errors;
        Values = entries.ToDictionary(entry => entry.Name, entry => entry.Value, EnvironmentNames.Comparer);
    }

    /// <summary>A file with nothing in it, or none.</summary>
    public static DotEnvFile Empty { get; } = new([], [], []);

    /// <summary>The variables in the file's order, each name once: of several lines with one name the last counts, in the
    /// first one's place.</summary>
    public IReadOnlyList<DotEnvEntry> Entries { get; }

    /// <summary>The same by name; case counts where it does on the platform.</summary>
    public IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>What is allowed but hardly meant, as <c>file:line: reason</c>; never a value.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>What is wrong, likewise; always empty after <see cref="Parse"/> and <see cref="Read"/>.</summary>
    internal IReadOnlyList<string> Errors { get; }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The text, with or without a byte order mark, with any line ends.</param>
    /// <param name="path">What the messages call it.</param>
    /// <param name="environment">With it, <c>${NAME}</c> and <c>${NAME:-default}</c> are replaced: by what an earlier line gives the name, else by
    /// what this does, else by the default or nothing. Null: they stay as they are, and are warned of.</param>
    /// <exception cref="DotEnvException">It is wrong; the first errors are named.</exception>
    public static DotEnvFile Parse(string text, string path, IReadOnlyDictionary<string, string>? environment = null)
    {
        var file = new DotEnvParser(text, path, environment).Parse();
        return file.Errors.Count == 0 ? file : throw new DotEnvException(file.Errors);
    }

    /// <summary>Reads a file of UTF-8, up to 1 MB; empty where there is none.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="environment">As in <see cref="Parse"/>.</param>
    /// <param name="name">What the messages call it; null: its path.</param>
    /// <exception cref="DotEnvException">It is wrong, too large or cannot be read.</exception>
    public static DotEnvFile Read(string path, IReadOnlyDictionary<string, string>? environment = null, string? name = null)
    {
        var file = TryRead(path, environment, name) ?? Empty;
        return file.Errors.Count == 0 ? file : throw new DotEnvException(file.Errors);
    }

    /// <summary>Reads a file, errors and all; null where there is none.</summary>
    internal static DotEnvFile? TryRead(string path, IReadOnlyDictionary<string, string>? environment = null, string? name = null)
    {
        name ??= path;
        try
        {
            return ReadText(path, name) is { } text ? new DotEnvParser(text, name, environment).Parse() : null;
        }
        catch (DotEnvException exception)
        {
            return new DotEnvFile([], [], exception.Errors);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new DotEnvFile([], [], [$"{name}:1: the file cannot be read ({exception.Message})"]);
        }
    }

    /// <summary>The text of a file, with its byte order mark if it has one; null where there is none.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">What the messages call it.</param>
    /// <exception cref="DotEnvException">It is not a regular file, not UTF-8 or too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    internal static string? ReadText(string path, string name)
    {
        try
        {
            return SmallFile.TryRead(path, MaxBytes) switch
            {
                null => null,
                { Length: > MaxBytes } => throw new DotEnvException([$"{name}:1: the file is larger than {MaxBytes} bytes"]),
                var bytes => StrictUtf8.TryDecode(bytes, out var line, out var column) ?? throw new DotEnvException(
                    [$"{name}:{line}: column {column} is not valid UTF-8: save the file as UTF-8"]),
            };
        }
        catch (WrongEntryException exception)
        {
            throw new DotEnvException([$"{name}:1: it is {exception.Found}: put the file in its place, or remove it"]);
        }
    }
}

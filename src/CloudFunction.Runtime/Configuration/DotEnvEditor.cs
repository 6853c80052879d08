using System.Buffers;
using System.Collections.ObjectModel;
using System.Text;

namespace CloudFunction.Runtime.Configuration;

/// <summary>Changes variables in the text of a <c>.env</c> file and leaves all else in it as somebody wrote it: comments, order, line ends,
/// <c>export</c>.</summary>
internal static class DotEnvEditor
{
    // These have no meaning of their own to any program that reads such files.
    private const string PlainCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+,=";

    private static readonly SearchValues<char> Plain = SearchValues.Create(PlainCharacters);

    private static readonly SearchValues<char> PlainAndBackslash = SearchValues.Create(PlainCharacters + "\\");

    // Longer than any name in use, and short enough for a message.
    private const int MaxShownName = 100;

    /// <summary>The text of a file, or of none, with the changes made; the file stays as it is.</summary>
    /// <param name="path">The file; it need not be there.</param>
    /// <param name="changes">See <see cref="Edit"/>.</param>
    /// <param name="interpolates">See <see cref="Edit"/>.</param>
    /// <exception cref="DotEnvException">See <see cref="Edit"/>; or the file is not a regular one, not UTF-8 or too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static string EditFile(string path, IReadOnlyDictionary<string, string?> changes, bool interpolates) =>
        Edit(DotEnvFile.ReadText(path, DotEnvFile.FileName) ?? "", changes, interpolates);

    /// <summary>Makes the changes.</summary>
    /// <param name="text">The file's text; empty where there is none.</param>
    /// <param name="changes">By name. A value takes the place of the present one, or comes at the end; null removes the variable. Of
    /// several lines with the name of a change the last stays.</param>
    /// <param name="interpolates">Whether the file is read with its references replaced. What is written has none: the values are these in any
    /// case.</param>
    /// <param name="path">What messages call the file.</param>
    /// <returns>A text that <see cref="DotEnvFile"/> reads exactly these values from.</returns>
    /// <exception cref="DotEnvException">A name or a value cannot be in such a file, or the text is wrong already; the first errors are named, no
    /// value is.</exception>
    public static string Edit(
        string text, IReadOnlyDictionary<string, string?> changes, bool interpolates = false, string path = DotEnvFile.FileName)
    {
        var wanted = Check(changes, interpolates, path);
        var parser = new DotEnvParser(text, path, interpolates ? ReadOnlyDictionary<string, string>.Empty : null);
        if (parser.Parse().Errors is { Count: > 0 } errors)
        {
            throw new DotEnvException(errors);
        }

        var lastOnes = parser.Spans.GroupBy(span => span.Name, EnvironmentNames.Comparer).ToDictionary(
            group => group.Key, group => group.Last(), EnvironmentNames.Comparer);
        var origins = MapToOrigins(text, parser.Text);
        var result = new StringBuilder(text, 0, origins[0], text.Length);
        var present = new HashSet<string>(EnvironmentNames.Comparer);
        var copied = 0;
        foreach (var span in parser.Spans)
        {
            if (!wanted.TryGetValue(span.Name, out var value))
            {
                continue;
            }

            present.Add(span.Name);
            if (value is null || span != lastOnes[span.Name])
            {
                Copy(span.Start);
                copied = span.End;
            }
            else if (value != span.Value)
            {
                Copy(span.ValueStart);
                var isBeforeText = span.ValueEnd < parser.Text.Length && !char.IsWhiteSpace(parser.Text[span.ValueEnd]);
                result.Append(Quote(value, interpolates, isBeforeText));
                copied = span.ValueEnd;
            }
        }

        Copy(parser.Text.Length);
        var lineEnd = FindLineEnd(text);
        foreach (var (name, value) in wanted)
        {
            if (value is not null && !present.Contains(name))
            {
                var isWithinLine = result.Length > origins[0] && result[^1] is not ('\n' or '\r');
                result.Append(isWithinLine ? lineEnd : "").Append(name).Append('=')
                    .Append(Quote(value, interpolates, isBeforeText: false)).Append(lineEnd);
            }
        }

        return Encoding.UTF8.GetByteCount(result.ToString()) <= DotEnvFile.MaxBytes
            ? result.ToString()
            : throw new DotEnvException([$"{path}: the file would be larger than {DotEnvFile.MaxBytes} bytes"]);

        void Copy(int end) => result.Append(text, origins[copied], origins[end] - origins[copied]);
    }

    private static Dictionary<string, string?> Check(IReadOnlyDictionary<string, string?> changes, bool interpolates, string path)
    {
        var wanted = new Dictionary<string, string?>(EnvironmentNames.Comparer);
        var errors = new BoundedLines();
        foreach (var (name, value) in changes)
        {
            var fault = !EnvironmentNames.IsValid(name)
                ? "is not a valid name; letters, digits, '_', '-' and '.' are allowed, and a letter or '_' first"
                : !wanted.TryAdd(name, interpolates && value is not null ? DotEnvReferences.Escape(value) : value)
                ? "is named twice, and case does not count on this platform"
                : value is null ? null
                : value.Contains('\0', StringComparison.Ordinal) ? "has a value with a NUL character, which no variable can have"
                : !IsText(value) ? "has a value with half of a surrogate pair, which is not text"
                : null;
            if (fault is not null)
            {
                errors.Add($"{path}: '{SafeText.Of(name.Length <= MaxShownName ? name : name[..MaxShownName] + "…")}' {fault}");
            }
        }

        return errors.Any ? throw new DotEnvException(errors.Shown) : wanted;
    }

    private static bool IsText(ReadOnlySpan<char> value)
    {
        while (!value.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(value, out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            value = value[length..];
        }

        return true;
    }

    /// <summary>For each position in what was parsed, the one in the text.</summary>
    private static int[] MapToOrigins(string text, string parsed)
    {
        var origins = new int[parsed.Length + 1];
        var origin = text.Length - text.AsSpan().TrimStart('\uFEFF').Length;
        for (var i = 0; i < parsed.Length; i++)
        {
            origins[i] = origin;
            origin += text.AsSpan(origin).StartsWith("\r\n") ? 2 : 1;
        }

        origins[^1] = origin;
        return origins;
    }

    private static string FindLineEnd(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? "\n" : text.AsSpan(end).StartsWith("\r\n") ? "\r\n" : text[end].ToString();
    }

    /// <summary>A value as it is to be written.</summary>
    /// <param name="value">As the process is to get it.</param>
    /// <param name="interpolates">Whether <c>\$</c> is no escape.</param>
    /// <param name="isBeforeText">Whether a comment follows with no white space between, which only a closing quote can end the value before.</param>
    private static string Quote(string value, bool interpolates, bool isBeforeText) =>
        !isBeforeText && (!value.AsSpan().ContainsAnyExcept(Plain) || IsPath(value)) ? value
        : value.AsSpan().ContainsAny('\r', '\n')
            ? $"\"{Escape(value, interpolates)}\""
            : $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    // Not in quotes where a backslash is its end: python-dotenv does not end it there.
    private static bool IsPath(string value) => value.EndsWith('\\') && !value.AsSpan().ContainsAnyExcept(PlainAndBackslash);

    private static string Escape(string value, bool interpolates)
    {
        var escaped = value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return interpolates ? escaped : escaped.Replace("${", "\\${", StringComparison.Ordinal);
    }
}

using System.Buffers;
using System.Text;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Which paths an archive's entries may have: those that mean the same file, below the destination, on every platform.</summary>
internal static class EntryName
{
    /// <summary>How long a path may be, as UTF-8: macOS takes 1,024 bytes, of which half is left for the folders above.</summary>
    public const int MaxBytes = 512;

    /// <summary>How long a file's or a folder's name may be, as UTF-8: what most file systems take.</summary>
    public const int MaxPartBytes = 255;

    /// <summary>How deep folders may lie in one another: a publish output has five or six.</summary>
    public const int MaxDepth = 32;

    // What Windows takes for something else than a name (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>\"|?*");

    private static readonly HashSet<string> Devices = new(
        [
            "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
            .. "0123456789¹²³".SelectMany(digit => new[] { $"COM{digit}", $"LPT{digit}" }),
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks a path.</summary>
    /// <returns>Why it is refused and what would be right, to go on after the entry's name; null where it is fine.</returns>
    public static string? FindFault(string name)
    {
        if (name.Length == 0)
        {
            return "has no name: make the archive anew.";
        }

        if (Encoding.UTF8.GetByteCount(name) is var bytes and > MaxBytes)
        {
            return $"has a path of {bytes} bytes; at most {MaxBytes} are allowed. Shorten its folders' names.";
        }

        if (name.AsSpan().ContainsAny(Forbidden) || name.Any(IsHarmful))
        {
            return "has a character in its name that no file's name may have everywhere (control characters and <>\"|?*): rename it.";
        }

        if (name.Contains('\\', StringComparison.Ordinal))
        {
            return "has a backslash in its path: make the archive with a program that writes '/' between folders.";
        }

        if (name[0] == '/')
        {
            return "has an absolute path: make the archive with paths that are relative to the project's folder.";
        }

        if (name.Contains(':', StringComparison.Ordinal))
        {
            return "has a ':' in its path, which names a drive or a stream: make the archive with paths that are relative to the project's folder.";
        }

        var parts = name.TrimEnd('/').Split('/');
        return parts.Length > MaxDepth
            ? $"lies {parts.Length - 1} folders deep; at most {MaxDepth - 1} are allowed. Put it further up."
            : name.EndsWith("//", StringComparison.Ordinal)
                ? FindPartFault("")
                : parts.Select(FindPartFault).FirstOrDefault(fault => fault is not null);
    }

    /// <summary>What two paths have in common that are one on some platform: whatever their case and however their accents are written.</summary>
    public static string KeyOf(string path) => path.Normalize(NormalizationForm.FormC).ToUpperInvariant().Normalize(NormalizationForm.FormC);

    private static string? FindPartFault(string part)
    {
        if (part.Length == 0)
        {
            return "has a folder with no name in its path ('//'): make the archive anew.";
        }

        if (part is "." or "..")
        {
            return $"has '{part}' in its path: make the archive with paths that are relative to the project's folder and stay within it.";
        }

        if (part[^1] is '.' or ' ')
        {
            return $"has a name that ends with a {(part[^1] == '.' ? "dot" : "blank")}, which Windows leaves out: rename it.";
        }

        if (Encoding.UTF8.GetByteCount(part) is var bytes and > MaxPartBytes)
        {
            return $"has a name of {bytes} bytes; at most {MaxPartBytes} are allowed. Shorten it.";
        }

        var stem = part.Split('.')[0].TrimEnd(' ');
        return Devices.Contains(stem) ? $"has the name {stem}, which is a device's on Windows: rename it." : null;
    }

    // Control characters, line and paragraph separators, what turns the direction of text around and so disguises a name, and what is no character
    // at all, of which no other form can be made.
    private static bool IsHarmful(char character) =>
        char.IsControl(character)
        || character is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or >= '\uFFFE';
}

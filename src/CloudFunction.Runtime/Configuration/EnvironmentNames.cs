using System.Buffers;

namespace CloudFunction.Runtime.Configuration;

/// <summary>What names of environment variables are like.</summary>
internal static class EnvironmentNames
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    /// <summary>Whether two names are one: case counts, but on Windows.</summary>
    public static StringComparer Comparer { get; } = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Whether a <c>.env</c> file may use a name.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_') && !name.ContainsAnyExcept(Allowed);
}

using System.Text;

namespace CloudFunction.Worker.Loading;

/// <summary>Names functions after their classes and methods.</summary>
internal static class FunctionName
{
    private const string Suffix = "Function";

    /// <summary>The class's name less a trailing <c>Function</c>, in kebab case, with <c>-</c> for <c>_</c>: <c>HTTPProxy2Function</c> gives
    /// <c>http-proxy2</c>. It may be no valid name, if the class's has letters beyond ASCII, for example.</summary>
    public static string Of(string className) => InKebabCase(Without(Suffix, className));

    /// <summary>The method's name less a trailing <c>Async</c>, then as of a class.</summary>
    public static string OfMethod(string methodName) => Of(Without("Async", methodName));

    private static string Without(string suffix, string name) =>
        name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;

    private static string InKebabCase(string name)
    {
        var result = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && BeginsWord(name, i))
            {
                result.Append('-');
            }

            result.Append(name[i] == '_' ? '-' : char.ToLowerInvariant(name[i]));
        }

        return result.ToString().TrimEnd('-');
    }

    // A capital begins a word, except inside a run of capitals, whose last one begins the next word: HTTPProxy is HTTP and Proxy.
    private static bool BeginsWord(string name, int i) =>
        char.IsUpper(name[i])
        && name[i - 1] != '_'
        && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
}

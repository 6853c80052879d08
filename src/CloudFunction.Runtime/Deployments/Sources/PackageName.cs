using System.Buffers;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>How packages may be called: 1 to 100 letters, digits, <c>_</c>, <c>.</c> and <c>-</c>, the first of them neither dot nor dash.</summary>
internal static class PackageName
{
    // NuGet's own limit (https://learn.microsoft.com/nuget/reference/nuspec#id).
    private const int MaxLength = 100;

    private static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    /// <summary>The length of the name that a text begins with; 0 where that is none.</summary>
    public static int LengthIn(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(Characters);
        var length = end < 0 ? text.Length : end;
        return length is > 0 and <= MaxLength && text[0] is not ('.' or '-') ? length : 0;
    }
}

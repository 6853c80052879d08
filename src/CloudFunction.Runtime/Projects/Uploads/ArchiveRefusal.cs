using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Words what is wrong with an archive.</summary>
internal static class ArchiveRefusal
{
    // Enough to recognize a path by; an answer must not grow with what is sent.
    private const int MaxShown = 200;

    /// <summary>The archive as a whole is refused.</summary>
    /// <param name="reason">Goes on after "The upload".</param>
    /// <param name="cause">What was caught, or null.</param>
    public static ProjectException Of(string reason, Exception? cause = null) => new(ProjectErrorCode.BadUpload, $"The upload {reason}", cause);

    /// <summary>One of its entries is refused, and the archive with it.</summary>
    /// <param name="entry">The entry's name as it stands in the archive.</param>
    /// <param name="reason">Goes on after the entry's name.</param>
    /// <param name="cause">What was caught, or null.</param>
    public static ProjectException Of(string entry, string reason, Exception? cause = null) =>
        new(ProjectErrorCode.BadUpload, Describe(entry, reason), cause) { Field = Show(entry) };

    /// <summary>The same as a sentence.</summary>
    public static string Describe(string entry, string reason) => $"The archive's entry '{Show(entry)}' {reason}";

    /// <summary>A name from an archive, harmless and of bounded length.</summary>
    public static string Show(string entry) => SafeText.Of(entry.Length <= MaxShown ? entry : $"{Cut(entry)}…");

    // Never through the middle of a character.
    private static string Cut(string entry) => entry[..(char.IsHighSurrogate(entry[MaxShown - 1]) ? MaxShown - 1 : MaxShown)];
}

using CloudFunction.Protocol;

namespace CloudFunction.Runtime.Projects;

/// <summary>Which names projects and functions may have: the rule that host and worker share.</summary>
internal static class ProjectName
{
    /// <summary>What a valid name looks like, for error messages.</summary>
    public const string Rule = NameRule.Text;

    /// <summary>Whether <paramref name="name"/> is a valid name.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) => NameRule.IsValid(name);
}

using CloudFunction.Protocol;

namespace CloudFunction.Runtime.Logging.Routing;

/// <summary>The dotted names under which records meet the loggers of a logging file; their case does not matter.</summary>
internal static class LoggerName
{
    /// <summary>Above all of the host's own.</summary>
    public const string Host = "cloudfunction";

    /// <summary>Above all projects.</summary>
    public const string Projects = "cloudfunction.projects";

    /// <summary>For what a worker logs before it has a project.</summary>
    public const string Workers = "cloudfunction.workers";

    /// <summary>A project's own.</summary>
    public static string OfProject(string project) => $"{Projects}.{project}";

    /// <summary>Whose it is, or null where it is no project's.</summary>
    public static string? FindProject(string name) =>
        name.Length > Projects.Length + 1 && IsWithin(name, Projects) && NameRule.IsValid(name.AsSpan(Projects.Length + 1))
            ? name[(Projects.Length + 1)..]
            : null;

    /// <summary>Whether it is <paramref name="ancestor"/> or below it.</summary>
    public static bool IsWithin(string name, string ancestor) =>
        name.StartsWith(ancestor, StringComparison.OrdinalIgnoreCase) && (name.Length == ancestor.Length || name[ancestor.Length] == '.');

    /// <summary>The name above, or null at the top.</summary>
    public static string? FindParent(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : null;
}

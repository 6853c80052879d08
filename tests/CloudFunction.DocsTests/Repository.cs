using System.Reflection;

namespace CloudFunction.DocsTests;

/// <summary>The repository that the tests were built from, and its pages.</summary>
internal static class Repository
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    /// <summary>Every page for readers, relative to the root, with <c>/</c>.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateDirectories(Path.Combine(Root, "src")).Append(Path.Combine(Root, "templates"))
                .Select(project => Path.Combine(project, "README.md")).Where(File.Exists)) // The packages' own.
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The English pages that have a Chinese twin.</summary>
    public static IReadOnlyList<string> TranslatedPages { get; } =
        [
            "README.md",
            .. Pages.Where(page => page.StartsWith("docs/", StringComparison.Ordinal) && !page.StartsWith("docs/zh-CN/", StringComparison.Ordinal)),
        ];

    /// <summary>The Chinese twin of an English page.</summary>
    public static string ChineseOf(string page) =>
        page == "README.md" ? "README.zh-CN.md" : page.Replace("docs/", "docs/zh-CN/", StringComparison.Ordinal);

    /// <summary>The absolute path of a file.</summary>
    public static string PathOf(string relative) => Path.GetFullPath(Path.Combine(Root, relative));
}

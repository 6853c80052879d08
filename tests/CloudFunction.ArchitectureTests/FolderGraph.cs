using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CloudFunction.ArchitectureTests;

/// <summary>Which folders of a project's source know which others, by what the compiler makes of the code: however a type is named there.</summary>
internal static class FolderGraph
{
    /// <summary>Every arrow from a folder to another, once, with a place where it is.</summary>
    /// <param name="sources">Each file's path below the project, with slashes, and its text. What lies beside the folders
    /// is in the folder "".</param>
    public static IReadOnlyDictionary<(string From, string To), string> Read(IEnumerable<(string Path, string Text)> sources)
    {
        var (compilation, trees) = SourceCompilation.Of(sources);
        var arrows = new Dictionary<(string From, string To), string>();
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (FolderOf(model.GetSymbolInfo(name).Symbol) is { } to && FolderOf(tree.FilePath) is var from && from != to)
                {
                    arrows.TryAdd((from, to), $"{tree.FilePath}:{name.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {name}");
                }
            }
        }

        return arrows;
    }

    /// <summary>The largest number of folders that all know each other, by whatever way.</summary>
    public static int LargestCircle(IEnumerable<(string From, string To)> arrows)
    {
        var known = arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        var folders = known.SelectMany(from => from.Append(from.Key)).Distinct(StringComparer.Ordinal).ToList();
        var reached = folders.ToDictionary(folder => folder, folder => ReachedFrom(folder, known), StringComparer.Ordinal);
        return folders.Max(folder => 1 + reached[folder].Count(other => other != folder && reached[other].Contains(folder)));
    }

    private static HashSet<string> ReachedFrom(string folder, ILookup<string, string> known)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>([folder]);
        while (waiting.TryPop(out var next))
        {
            foreach (var other in known[next].Where(reached.Add))
            {
                waiting.Push(other);
            }
        }

        return reached;
    }

    private static string? FolderOf(ISymbol? symbol) =>
        (symbol as INamedTypeSymbol ?? symbol?.ContainingType)?.OriginalDefinition.Locations.FirstOrDefault(
            location => location.IsInSource)?.SourceTree?.FilePath is { Length: > 0 } path
            ? FolderOf(path)
            : null;

    private static string FolderOf(string path) =>
        path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : "";
}

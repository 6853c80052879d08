using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CloudFunction.ArchitectureTests;

/// <summary>What the compiler makes of source code, with the framework's assemblies and the project's implicit usings.</summary>
internal static class SourceCompilation
{
    private static readonly string[] ImplicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks"];

    private static readonly string Usings = string.Join('\n', ImplicitUsings.Select(name => $"global using {name};"));

    private static readonly CSharpParseOptions Parse = new(LanguageVersion.Preview);

    private static readonly MetadataReference[] References = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator).Where(path => !Path.GetFileName(path).StartsWith("CloudFunction", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>Compiles them together.</summary>
    /// <param name="sources">Path and text of each file.</param>
    /// <returns>The compilation, and the tree of each file in it.</returns>
    public static (CSharpCompilation Compilation, IReadOnlyList<SyntaxTree> Trees) Of(IEnumerable<(string Path, string Text)> sources)
    {
        SyntaxTree[] trees = [.. sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, Parse, source.Path))];
        return (CSharpCompilation.Create("Sources", [CSharpSyntaxTree.ParseText(Usings, Parse), .. trees], References), trees);
    }
}

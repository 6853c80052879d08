using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>Makes what <c>dotnet publish</c> makes of a small function project.</summary>
internal static class CompiledProject
{
    private const string Usings = """
        global using System;
        global using System.Text.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using CloudFunction;
        """;

    /// <summary>The <c>.deps.json</c> of a project whose only assembly is <c>Shop.dll</c>.</summary>
    public const string Dependencies = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0", "signature": "" },
          "targets": { ".NETCoreApp,Version=v10.0": { "Shop/1.0.0": { "dependencies": {}, "runtime": { "Shop.dll": {} } } } },
          "libraries": { "Shop/1.0.0": { "type": "project", "serviceable": false, "sha512": "" } }
        }
        """;

    private static readonly MetadataReference[] Platform =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A function of that name and class that returns its class's name.</summary>
    public static string Function(string className, string name, string result = "\"here\"") => $$"""
        [Function("{{name}}")]
        public sealed class {{className}} : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
                new({{result}});
        }
        """;

    /// <summary>Adds a project to a host's folder.</summary>
    /// <param name="root">Whose.</param>
    /// <param name="name">Its name.</param>
    /// <param name="source">Its code, with the usual usings.</param>
    /// <param name="reference">An assembly that it uses, which is not deployed with it.</param>
    public static void Add(ContentRoot root, string name, string source, byte[]? reference = null)
    {
        var directory = Directory.CreateDirectory(Path.Combine(root.ProjectsDirectory, name)).FullName;
        File.WriteAllBytes(Path.Combine(directory, "Shop.dll"), Compile("Shop", source, reference));
        File.WriteAllText(Path.Combine(directory, "Shop.deps.json"), Dependencies);
    }

    public static byte[] Compile(string name, string source, byte[]? reference = null)
    {
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(Usings), CSharpSyntaxTree.ParseText(source)],
            reference is null ? Platform : [.. Platform, MetadataReference.CreateFromImage(reference)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return image.ToArray();
    }
}

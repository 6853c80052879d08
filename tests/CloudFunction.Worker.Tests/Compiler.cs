using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CloudFunction.Worker.Tests;

/// <summary>Compiles what a user could have written. A project's discovery looks at a whole assembly, so each case needs its own.</summary>
internal static class Compiler
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Globalization;
        global using System.IO;
        global using System.Linq;
        global using System.Text.Json;
        global using System.Text.Json.Nodes;
        global using System.Text.Json.Serialization;
        global using System.Text.Json.Serialization.Metadata;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using CloudFunction;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        global using Microsoft.Extensions.Options;
        """;

    private static readonly MetadataReference[] Platform =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("CloudFunction.Worker", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Compiles a library, with nullable annotations on and the usual usings.</summary>
    /// <param name="name">The assembly's name.</param>
    /// <param name="source">The code; an <c>AssemblyVersion</c> attribute in it counts.</param>
    /// <param name="references">Files that are referenced beside the platform.</param>
    public static byte[] Compile(string name, string source, params string[] references)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Preview);
        IEnumerable<MetadataReference> all = Platform;
        if (references.Length > 0)
        {
            // A file replaces the platform's of the same name.
            var replaced = references.Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
            all =
            [
                .. all.Where(r => !replaced.Contains(Path.GetFileName(r.Display))),
                .. references.Select(path => MetadataReference.CreateFromFile(path)),
            ];
        }

        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(Usings, parse), CSharpSyntaxTree.ParseText(source, parse)],
            all,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable,
                optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return image.ToArray();
    }
}

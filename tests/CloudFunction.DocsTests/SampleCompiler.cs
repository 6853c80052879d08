using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CloudFunction.DocsTests;

/// <summary>Compiles a sample as its reader would: one with statements at the top as an ASP.NET Core app that references the host's
/// library, any other as a function project that references the abstractions and what else there is for function projects, or as its test
/// project where it uses the testing kit. Each with its SDK's implicit usings.</summary>
internal static class SampleCompiler
{
    private const string LibraryUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private const string AppUsings = LibraryUsings + """

        global using System.Net.Http.Json;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    private static readonly CSharpParseOptions Parse = new(LanguageVersion.Latest);

    private static readonly string[] Platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

    private static readonly MetadataReference[] AppReferences = References(_ => true);

    private static readonly MetadataReference[] LibraryReferences = References(name =>
        name is "CloudFunction.Abstractions.dll" or "CloudFunction.Llm.dll" or "CloudFunction.Data.dll"
        || (!name.StartsWith("CloudFunction.", StringComparison.Ordinal) && !name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)));

    private static readonly MetadataReference[] TestReferences =
        [.. LibraryReferences, .. References(name => name is "CloudFunction.Testing.dll" or "CloudFunction.Runtime.dll")];

    /// <summary>The errors; none where it compiles.</summary>
    public static IReadOnlyList<string> Compile(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, Parse);
        var isApp = tree.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
        var compilation = CSharpCompilation.Create(
            "Sample",
            [CSharpSyntaxTree.ParseText(isApp ? AppUsings : LibraryUsings, Parse), tree],
            isApp ? AppReferences : source.Contains("using CloudFunction.Testing;", StringComparison.Ordinal) ? TestReferences : LibraryReferences,
            new CSharpCompilationOptions(
                isApp ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        return
        [
            .. compilation.GetDiagnostics()
                .Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error or DiagnosticSeverity.Warning)
                .Select(diagnostic => diagnostic.ToString()),
        ];
    }

    private static MetadataReference[] References(Func<string, bool> isWanted) =>
        [.. Platform.Where(path => isWanted(Path.GetFileName(path))).Select(path => MetadataReference.CreateFromFile(path))];
}

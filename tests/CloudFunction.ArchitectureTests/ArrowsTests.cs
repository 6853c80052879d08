using System.Reflection;
using System.Xml.Linq;

namespace CloudFunction.ArchitectureTests;

/// <summary>Who may know whom, from what the compiled assemblies reference and what the projects name.</summary>
public class ArrowsTests
{
    // Of the house itself. A library that is missing here fails the first test: its arrows have to be decided.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["CloudFunction.Abstractions"] = [],
        ["CloudFunction.Protocol"] = [],
        ["CloudFunction.Worker"] = ["CloudFunction.Abstractions", "CloudFunction.Protocol"],
        ["CloudFunction.Worker.Bootstrap"] = [],
        ["CloudFunction.Runtime"] = ["CloudFunction.Abstractions", "CloudFunction.Protocol"],
        ["CloudFunction.AspNetCore"] = ["CloudFunction.Abstractions", "CloudFunction.Protocol", "CloudFunction.Runtime"],
        ["CloudFunction.Llm"] = ["CloudFunction.Abstractions"],
        ["CloudFunction.Data"] = ["CloudFunction.Abstractions"],
        ["CloudFunction.Data.EntityFrameworkCore"] = ["CloudFunction.Abstractions", "CloudFunction.Data"],
        ["CloudFunction.Testing"] = ["CloudFunction.Abstractions", "CloudFunction.Protocol", "CloudFunction.Runtime", "CloudFunction.Worker"],
    };

    public static TheoryData<string> Compiled =>
    [
        "CloudFunction.Abstractions", "CloudFunction.Protocol", "CloudFunction.Worker", "CloudFunction.Worker.Bootstrap", "CloudFunction.Runtime",
        "CloudFunction.AspNetCore", "CloudFunction.Llm", "CloudFunction.Data",
    ];

    public static TheoryData<string> Sources => [.. Directory.GetDirectories(Path.Combine(Root, "src")).Select(d => Path.GetFileName(d)!)];

    private static string Root =>
        typeof(ArrowsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    [Theory]
    [MemberData(nameof(Sources))]
    public void Project_References_OnlyWhatItsArrowsAllow(string project)
    {
        var file = Path.Combine(Root, "src", project, $"{project}.csproj");
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} has no arrows yet: decide what it may reference.");
        var referenced = XDocument.Load(file).Descendants("ProjectReference")
            .Where(r => (string?)r.Attribute("ReferenceOutputAssembly") != "false")
            .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));
        Assert.Empty(referenced.Except(allowed!));
    }

    [Theory]
    [MemberData(nameof(Compiled))]
    public void Assembly_References_OnlyWhatItsArrowsAllow(string assembly)
    {
        var house = ReferencesOf(assembly).Where(r => r.StartsWith("CloudFunction", StringComparison.Ordinal));
        Assert.Empty(house.Except(Allowed[assembly]));
    }

    [Theory]
    [InlineData("CloudFunction.Abstractions")]
    [InlineData("CloudFunction.Protocol")]
    [InlineData("CloudFunction.Worker")]
    [InlineData("CloudFunction.Worker.Bootstrap")]
    [InlineData("CloudFunction.Runtime")]
    public void ServersTypes_AreOnlyTheFrontEnds(string assembly) =>
        Assert.DoesNotContain(ReferencesOf(assembly), r => r.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    // The runtime alone calls others, with the callbacks of finished tasks.
    [Theory]
    [InlineData("CloudFunction.Abstractions")]
    [InlineData("CloudFunction.Protocol")]
    [InlineData("CloudFunction.Worker")]
    [InlineData("CloudFunction.Worker.Bootstrap")]
    public void HttpClient_IsOnlyTheRuntimes(string assembly) =>
        Assert.DoesNotContain(ReferencesOf(assembly), r => r.StartsWith("System.Net.Http", StringComparison.Ordinal));

    [Theory]
    [InlineData("CloudFunction.Abstractions")]
    [InlineData("CloudFunction.Protocol")]
    [InlineData("CloudFunction.Worker")]
    [InlineData("CloudFunction.Worker.Bootstrap")]
    [InlineData("CloudFunction.AspNetCore")]
    public void Serilog_IsOnlyTheRuntimes(string assembly) =>
        Assert.DoesNotContain(ReferencesOf(assembly), r => r.StartsWith("Serilog", StringComparison.Ordinal));

    [Fact]
    public void Abstractions_Reference_OnlyTheFrameworkAndExtensionsAbstractions() =>
        Assert.DoesNotContain(
            ReferencesOf("CloudFunction.Abstractions"),
            r => !r.StartsWith("System.", StringComparison.Ordinal)
                && !(r.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && r.EndsWith(".Abstractions", StringComparison.Ordinal)));

    [Theory]
    [InlineData("CloudFunction.Protocol")]
    [InlineData("CloudFunction.Worker.Bootstrap")]
    public void ProtocolAndBootstrap_Reference_OnlyTheFramework(string assembly) =>
        Assert.DoesNotContain(ReferencesOf(assembly), r => !r.StartsWith("System.", StringComparison.Ordinal));

    [Fact]
    public void Arrows_OfACompiledReference_AreSeen() =>
        Assert.Contains("CloudFunction.Runtime", ReferencesOf("CloudFunction.AspNetCore")); // Else the tests above could not fail.

    private static string[] ReferencesOf(string assembly) =>
        [.. Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll")).GetReferencedAssemblies().Select(r => r.Name!)];
}

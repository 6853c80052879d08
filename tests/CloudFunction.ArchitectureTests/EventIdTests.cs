using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CloudFunction.ArchitectureTests;

/// <summary>Operators filter records by their event's number: each stands for one event of its library.</summary>
public sealed class EventIdTests
{
    private static readonly string Root = typeof(EventIdTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    [Theory]
    [InlineData("CloudFunction.Runtime")]
    [InlineData("CloudFunction.AspNetCore")]
    public void Ids_OfALibrary_AreEachThereOnce(string library)
    {
        var folder = Path.Combine(Root, "src", library);
        var ids = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .SelectMany(path => Find(File.ReadAllText(path)))
            .ToList();

        Assert.InRange(ids.Count, 20, int.MaxValue); // Else this test searches in the wrong place.
        Assert.Empty(ids.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void Find_AnyMessage_GivesItsId() => Assert.Equal(["3", "4"], Find("""
        class C
        {
            [LoggerMessage(3, LogLevel.Error, "A")] partial void A();
            [LoggerMessage(
                4, LogLevel.Error, "B")] partial void B();
            [Other(5)] void D();
        }
        """));

    private static IEnumerable<string> Find(string code) => CSharpSyntaxTree.ParseText(code).GetRoot().DescendantNodes().OfType<AttributeSyntax>()
        .Where(attribute => attribute.Name.ToString() == "LoggerMessage")
        .Select(attribute => attribute.ArgumentList!.Arguments[0].ToString());
}

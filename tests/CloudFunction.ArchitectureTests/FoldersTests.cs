using System.Reflection;
using System.Text.RegularExpressions;

namespace CloudFunction.ArchitectureTests;

/// <summary>Every folder that the host makes is its user's alone, since one place makes them all.</summary>
public sealed class FoldersTests
{
    private static string Root =>
        typeof(FoldersTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    [Theory]
    [InlineData("CloudFunction.Runtime")]
    [InlineData("CloudFunction.AspNetCore")]
    public void Folders_AreMadeBy_HostDirectoryAlone(string project)
    {
        var makes = new Regex(
            @"(?<!Host)Directory\s*\.\s*Create(Directory|TempSubdirectory)\s*\("
            + @"|\.CreateSubdirectory\s*\(|new DirectoryInfo\([^)]*\)\s*\.\s*Create\s*\(");
        var makers = Directory.EnumerateFiles(Path.Combine(Root, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Where(file => makes.IsMatch(File.ReadAllText(file)))
            .Select(Path.GetFileName);

        Assert.Equal(project == "CloudFunction.Runtime" ? ["HostDirectory.cs"] : [], makers);
    }
}

using System.Reflection;

namespace CloudFunction.ArchitectureTests;

/// <summary>No line of C# is longer than style allows.</summary>
public sealed class LineLengthTests
{
    private const int Limit = 150;

    private static readonly string Root = typeof(LineLengthTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    // What is not within the limit yet. A folder that is leaves the list, which the second test makes sure of.
    private static readonly string[] NotDoneYet =
    [
        "src/CloudFunction.AspNetCore/Endpoints/",
        "src/CloudFunction.Runtime/Deployments/",
        "src/CloudFunction.Runtime/Hosting/",
        "src/CloudFunction.Runtime/Invocations/",
        "src/CloudFunction.Runtime/Projects/",
        "src/CloudFunction.Runtime/Routing/",
        "src/CloudFunction.Runtime/Schedules/",
        "src/CloudFunction.Runtime/Tasks/",
        "src/CloudFunction.Runtime/Workers/",
        "src/CloudFunction.Testing/",
        "tests/CloudFunction.AspNetCore.Tests/Endpoints/",
        "tests/CloudFunction.ProcessTests/",
        "tests/CloudFunction.Runtime.Tests/Deployments/",
        "tests/CloudFunction.Runtime.Tests/Hosting/",
        "tests/CloudFunction.Runtime.Tests/Invocations/",
        "tests/CloudFunction.Runtime.Tests/Projects/",
        "tests/CloudFunction.Runtime.Tests/Routing/",
        "tests/CloudFunction.Runtime.Tests/Schedules/",
        "tests/CloudFunction.Runtime.Tests/Tasks/",
        "tests/CloudFunction.Runtime.Tests/Workers/",
        "tests/CloudFunction.Testing.Tests/",
    ];

    public static TheoryData<string> Folders => ["src", "tests", "bench", "samples", "templates"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Lines_OfAFolder_AreWithinTheLimit(string folder)
    {
        var files = FilesOf(folder).ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.Where(file => !NotDoneYet.Any(file.Path.StartsWith)).SelectMany(file => TooLong(file.Path, file.Lines)));
    }

    [Fact]
    public void Lines_OfFoldersNotDoneYet_AreNot() =>
        Assert.DoesNotContain(NotDoneYet, folder => !FilesOf(folder).SelectMany(file => TooLong(file.Path, file.Lines)).Any());

    [Fact]
    public void TooLong_OneCharacterMoreThanTheLimit_IsNamed() =>
        Assert.Equal(["a.cs:2: 151 characters"], TooLong("a.cs", [new string('a', Limit), new string('a', Limit + 1)]));

    private static IEnumerable<string> TooLong(string path, string[] lines) => lines.Index()
        .Where(line => line.Item.Length > Limit)
        .Select(line => $"{path}:{line.Index + 1}: {line.Item.Length} characters");

    // What a build makes is in none.
    private static IEnumerable<(string Path, string[] Lines)> FilesOf(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: Path.GetRelativePath(Root, file).Replace('\\', '/'), File: file))
            .Where(file => !file.Path.Split('/').Any(part => part is "bin" or "obj"))
            .Select(file => (file.Path, File.ReadAllLines(file.File)));
}

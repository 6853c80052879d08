using System.Reflection;

namespace CloudFunction.ArchitectureTests;

/// <summary>No line of C# is longer than style allows.</summary>
public sealed class LineLengthTests
{
    private const int Limit = 150;

    private static readonly string Root = typeof(LineLengthTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    public static TheoryData<string> Folders => ["src", "tests", "bench", "samples", "templates"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Lines_OfAFolder_AreWithinTheLimit(string folder)
    {
        var files = FilesOf(folder).ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(file => TooLong(file.Path, file.Lines)));
    }

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

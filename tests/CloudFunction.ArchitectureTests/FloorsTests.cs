using System.Reflection;

namespace CloudFunction.ArchitectureTests;

/// <summary>The folders of the runtime stand in floors: each knows only those below it.</summary>
public class FloorsTests
{
    // From the ground up; those of one floor do not know each other. The files beside the folders are the ground.
    private static readonly string[][] Runtime =
    [
        [""],
        ["Configuration", "Invocations"],
        ["Bodies", "Deployments", "Logging"],
        ["Workers"],
        ["Routing"],
        ["Tasks"],
        ["Schedules"],
        ["Projects"],
        ["Hosting"],
    ];

    [Fact]
    public void Runtime_EachFolder_KnowsOnlyThoseBelow()
    {
        var arrows = FolderGraph.Read(SourcesOf("CloudFunction.Runtime"));

        Assert.Contains(arrows.Keys, arrow => arrow is { From: "Hosting", To: "Projects" }); // Else nothing would be found.
        Assert.Empty(Forbidden(arrows));
        Assert.Equal(1, FolderGraph.LargestCircle(arrows.Keys));
    }

    [Fact]
    public void Runtime_EachFolder_HasAFloor()
    {
        var folders = SourcesOf("CloudFunction.Runtime").Where(source => source.Path.Contains('/', StringComparison.Ordinal)).Select(source => source.Path.Split('/')[0]);

        Assert.Equal(folders.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), Runtime.SelectMany(floor => floor).Where(folder => folder.Length > 0).Order(StringComparer.Ordinal));
    }

    // However a type is named: after a using, by its namespace, as another's member.
    [Theory]
    [InlineData("using House.Tasks;\n\nnamespace House.Workers;\n\nclass Worker { FunctionTask? Task; }")]
    [InlineData("namespace House.Workers;\n\nclass Worker { House.Tasks.FunctionTask? Task; }")]
    [InlineData("namespace House.Workers;\n\nclass Worker { Tasks.FunctionTask? Task; }")]
    [InlineData("namespace House.Workers;\n\nclass Worker { int Name => Tasks.FunctionTask.Limit; }")]
    public void Arrow_ToAFloorAbove_IsFound(string worker)
    {
        var arrows = FolderGraph.Read(
        [
            ("Workers/Worker.cs", worker),
            ("Tasks/FunctionTask.cs", "using House.Workers;\n\nnamespace House.Tasks;\n\nclass FunctionTask { public const int Limit = 1; Worker? Worker; }"),
        ]);

        Assert.StartsWith("Workers knows Tasks: Workers/Worker.cs:", Assert.Single(Forbidden(arrows)), StringComparison.Ordinal);
        Assert.Equal(2, FolderGraph.LargestCircle(arrows.Keys));
    }

    private static string[] Forbidden(IReadOnlyDictionary<(string From, string To), string> arrows) =>
    [
        .. arrows.Where(arrow => FloorOf(arrow.Key.From) <= FloorOf(arrow.Key.To)).Select(arrow => $"{arrow.Key.From} knows {arrow.Key.To}: {arrow.Value}")
            .Order(StringComparer.Ordinal),
    ];

    private static int FloorOf(string folder) => Array.FindIndex(Runtime, floor => floor.Contains(folder));

    private static (string Path, string Text)[] SourcesOf(string project)
    {
        var root = Path.Combine(
            typeof(FloorsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "src", project);
        return
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Select(file => (Path: Path.GetRelativePath(root, file).Replace('\\', '/'), Text: File.ReadAllText(file)))
                .Where(file => !file.Path.StartsWith("obj/", StringComparison.Ordinal) && !file.Path.StartsWith("bin/", StringComparison.Ordinal)),
        ];
    }
}

using System.Reflection;

namespace CloudFunction.ArchitectureTests;

/// <summary>The folders of each of the large projects stand in floors: each knows only those below it.</summary>
public class FloorsTests
{
    // From the ground up; those of one floor do not know each other. The files beside the folders are the ground.
    private static readonly Dictionary<string, string[][]> Floors = new(StringComparer.Ordinal)
    {
        ["CloudFunction.Runtime"] =
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
        ],
        ["CloudFunction.AspNetCore"] =
        [
            [""],
            ["Errors", "Tls", "Transfers"],
            ["Connections", "Security"],
            ["Endpoints"],
            ["Pipeline"],
            ["Hosting"],
        ],
        ["CloudFunction.Worker"] =
        [
            [""],
            ["Functions"],
            ["Loading"],
            ["Session"],
        ],
    };

    public static TheoryData<string> Projects => [.. Floors.Keys];

    [Theory]
    [InlineData("CloudFunction.Runtime", "Hosting", "Projects")]
    [InlineData("CloudFunction.AspNetCore", "Hosting", "Endpoints")]
    [InlineData("CloudFunction.Worker", "Session", "Loading")]
    public void Project_EachFolder_KnowsOnlyThoseBelow(string project, string above, string below)
    {
        var arrows = FolderGraph.Read(SourcesOf(project));

        Assert.Contains((above, below), arrows.Keys); // Else nothing would be found.
        Assert.Empty(Forbidden(arrows, Floors[project]));
        Assert.Equal(1, FolderGraph.LargestCircle(arrows.Keys));
    }

    [Fact]
    public void Endpoints_EachRoom_KnowsOnlyThoseThatDoNotKnowIt()
    {
        const string folder = "Endpoints/";
        var rooms = SourcesOf("CloudFunction.AspNetCore").Where(source => source.Path.StartsWith(folder, StringComparison.Ordinal))
            .Select(source => (Path: source.Path[folder.Length..], source.Text)).ToList();

        Assert.DoesNotContain(rooms, source => !source.Path.Contains('/', StringComparison.Ordinal)); // Each file is in a room.
        var arrows = FolderGraph.Read(rooms);
        Assert.Contains(("Invoke", "Bodies"), arrows.Keys); // Else nothing would be found.
        Assert.Equal(1, FolderGraph.LargestCircle(arrows.Keys));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_EachFolder_HasAFloor(string project)
    {
        var folders = SourcesOf(project)
            .Where(source => source.Path.Contains('/', StringComparison.Ordinal))
            .Select(source => source.Path.Split('/')[0]);

        Assert.Equal(
            folders.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            Floors[project].SelectMany(floor => floor).Where(folder => folder.Length > 0).Order(StringComparer.Ordinal));
    }

    // One file more, at the foot of the house, that names a type of the folder at its top.
    [Theory]
    [InlineData("CloudFunction.Runtime", "Configuration", "Hosting", "FunctionRuntime")]
    [InlineData("CloudFunction.AspNetCore", "Transfers", "Endpoints", "Endpoints.Requests.InvokeTerms")]
    [InlineData("CloudFunction.AspNetCore", "Connections", "Endpoints", "Endpoints.Requests.InvokeTerms")]
    [InlineData("CloudFunction.Worker", "Functions", "Session", "WorkerSession")]
    public void Project_WithAForbiddenUsing_IsRefused(string project, string from, string to, string type)
    {
        var added = ($"{from}/Added.cs", $"using {project}.{to};\n\nnamespace {project}.{from};\n\nclass Added {{ {type}? Above; }}");
        var arrows = FolderGraph.Read([.. SourcesOf(project), added]);

        Assert.StartsWith($"{from} knows {to}: {from}/Added.cs:", Assert.Single(Forbidden(arrows, Floors[project])), StringComparison.Ordinal);
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
            ("Tasks/FunctionTask.cs", "using House.Workers;\n\nnamespace House.Tasks;\n\nclass FunctionTask { public const int Limit = 1; "
                + "Worker? Worker; }"),
        ]);

        Assert.StartsWith(
            "Workers knows Tasks: Workers/Worker.cs:", Assert.Single(Forbidden(arrows, Floors["CloudFunction.Runtime"])), StringComparison.Ordinal);
        Assert.Equal(2, FolderGraph.LargestCircle(arrows.Keys));
    }

    private static string[] Forbidden(IReadOnlyDictionary<(string From, string To), string> arrows, string[][] floors) =>
    [
        .. arrows.Where(arrow => FloorOf(arrow.Key.From, floors) <= FloorOf(arrow.Key.To, floors))
            .Select(arrow => $"{arrow.Key.From} knows {arrow.Key.To}: {arrow.Value}")
            .Order(StringComparer.Ordinal),
    ];

    private static int FloorOf(string folder, string[][] floors) => Array.FindIndex(floors, floor => floor.Contains(folder));

    private static (string Path, string Text)[] SourcesOf(string project)
    {
        var root = Path.Combine(
            typeof(FloorsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "src",
            project);
        return
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Select(file => (Path: Path.GetRelativePath(root, file).Replace('\\', '/'), Text: File.ReadAllText(file)))
                .Where(file => !file.Path.StartsWith("obj/", StringComparison.Ordinal) && !file.Path.StartsWith("bin/", StringComparison.Ordinal)),
        ];
    }
}

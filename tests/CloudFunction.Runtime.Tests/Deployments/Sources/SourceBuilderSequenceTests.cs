using System.Security.Cryptography;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Tests.Deployments.Sources;

/// <summary>Random edits of a folder, each built upon the build before and from nothing: both give the same files, byte by byte.</summary>
public sealed class SourceBuilderSequenceTests : IDisposable
{
    private static readonly string[] Names =
        ["data", "data.json", "data/a.txt", "data/more/b.txt", "appsettings.json", "secret/key.txt", "secret", "empty.txt"];

    private static readonly string[] Sources = ["F.cs", "G.cs", "sub/H.cs", "data/I.cs"];

    private static readonly string[] Properties =
    [
        "DebugType=embedded", "DebugType=none", "AssemblyName=greeter", "IntermediateOutputPath=obj/x/", "AppendTargetFrameworkToOutputPath=false",
        "GenerateDocumentationFile=true", "DefineConstants=ONE", "NoWarn=CS1591",
    ];

    private readonly TemporaryDirectory _folder = new();
    private readonly SourceBuilder _builder;

    public SourceBuilderSequenceTests()
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string)e.Value!);
        _builder = new SourceBuilder(
            _folder.Combine("data"), _folder.Combine("root"), Path.Combine(WorkerFolder.Default, "core"), Environment.Version, environment,
            DotnetSdk.Find);
    }

    private string Project => _folder.Combine("projects", "demo");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    public async Task BuildAsync_AfterRandomEdits_GivesWhatABuildFromNothingGives(int seed)
    {
        var steps = int.TryParse(Environment.GetEnvironmentVariable("BUILD_SEQUENCE_STEPS"), out var asked) ? asked : 3;
        var random = new Random(seed);
        Write("F.cs", Code("F", 0));
        var history = new List<string>();
        for (var step = 0; step < steps; step++)
        {
            Edit(random, step, history);
            var grown = await BuildAsync();
            Directory.Move(_folder.Combine("data", "builds"), _folder.Combine("data", "kept"));
            var clean = await BuildAsync();

            Assert.True(
                grown.SequenceEqual(clean),
                $"{string.Join(' ', history)}\ngrown: {string.Join(' ', grown.Except(clean))}\nclean: {string.Join(' ', clean.Except(grown))}");
            Directory.Delete(_folder.Combine("data", "builds"), recursive: true);
            Directory.Move(_folder.Combine("data", "kept"), _folder.Combine("data", "builds"));
        }
    }

    private async Task<List<string>> BuildAsync()
    {
        var directory = _builder.Open("demo");
        await SourceFolder.List(Project, isSource: true).CopyAsync(directory.RenewSource(), CancellationToken.None);
        var output = await _builder.BuildAsync("demo", SourceKind.Files, Project, directory, CancellationToken.None);
        return
        [
            .. Directory.EnumerateFileSystemEntries(output, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(path => $"{Path.GetRelativePath(output, path)}={(Directory.Exists(path) ? "" : HashOf(path))}"),
        ];
    }

    // One to three edits; every third step also another property, so that the whole build takes its turn.
    private void Edit(Random random, int step, List<string> history)
    {
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var (name, isSource) = random.Next(2) == 0 ? (Names[random.Next(Names.Length)], false) : (Sources[random.Next(Sources.Length)], true);
            var path = Path.Combine(Project, name);
            if (File.Exists(path) && name != "F.cs" && random.Next(2) == 0)
            {
                File.Delete(path);
                history.Add($"-{name}");
                continue;
            }

            Write(name, isSource ? Code(Path.GetFileNameWithoutExtension(name), random.Next(100)) : $"{random.Next(100)}");
            history.Add($"+{name}");
        }

        if (step % 3 == 0)
        {
            var property = Properties[random.Next(Properties.Length)];
            Write("P.cs", $"#:property {property}\n");
            history.Add(property);
        }

        history.Add("|");
    }

    // Whatever stands in the way goes: a file where a folder is needed, a folder where a file is.
    private void Write(string name, string text)
    {
        var path = Path.Combine(Project, name);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        for (var parent = Path.GetDirectoryName(path)!; parent.Length > Project.Length; parent = Path.GetDirectoryName(parent)!)
        {
            if (File.Exists(parent))
            {
                File.Delete(parent);
            }
        }

        _folder.Write($"projects/demo/{name}", text);
    }

    private static string HashOf(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));

    private static string Code(string name, int number) =>
        $"/// <summary>Answers.</summary>\npublic class {name} {{ [Function(\"{name}\")] public int Number() => {number}; }}\n";
}

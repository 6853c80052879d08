using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Projects.Uploads;

namespace CloudFunction.Runtime.Tests.Projects.Uploads;

public sealed class ArchiveTreeTests
{
    [Fact]
    public void Add_AnyPaths_MeetOneAnotherAsWholePathsDo()
    {
        string[] parts = ["a", "A", "b", "\u00e9", "e\u0301", "E\u0301", "a/b", "b/"];
        var random = new Random(7);
        for (var round = 0; round < 3000; round++)
        {
            var tree = new ArchiveTree(6);
            var oracle = new Oracle(6);
            for (var entry = 0; entry < 8; entry++)
            {
                var path = string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => parts[random.Next(parts.Length)]));
                var name = path.Replace("//", "/", StringComparison.Ordinal);
                Assert.Equal(Outcome(() => oracle.Add(name)), Outcome(() => tree.Add(name)));
            }
        }
    }

    [Fact]
    public void Add_DeepPath_CostsWhatItsLengthDoes() =>
        Hostile.AssertLinear(2000, depth => string.Concat(Enumerable.Repeat("folder/", depth)), path => new ArchiveTree(int.MaxValue).Add(path));

    [Fact]
    public void Add_SamePathsOverAndOver_CostWhatTheirLengthDoes() =>
        Hostile.AssertLinear(
            500,
            count => Enumerable.Range(0, count).Select(i => $"{string.Concat(Enumerable.Repeat("folder/", 30))}{i}").ToList(),
            paths =>
            {
                var tree = new ArchiveTree(int.MaxValue);
                Assert.All(paths, path => Assert.Null(tree.Add(path)));
            });

    private static string Outcome(Func<string?> add)
    {
        try
        {
            return add() ?? "fine";
        }
        catch (ProjectException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Looks at every path from its beginning, and at every folder above it: simple, and quadratic.</summary>
    private sealed class Oracle(int maxNodes)
    {
        private readonly Dictionary<string, (string Path, bool IsFile)> _nodes = new(StringComparer.Ordinal);

        public string? Add(string name)
        {
            for (var end = name.IndexOf('/', StringComparison.Ordinal); end >= 0 && end < name.Length - 1; end = name.IndexOf('/', end + 1))
            {
                if (Add(name[..end], isFile: false) is { } fault)
                {
                    return fault;
                }
            }

            return Add(name.TrimEnd('/'), !name.EndsWith('/'));
        }

        private string? Add(string path, bool isFile)
        {
            if (!_nodes.TryGetValue(EntryName.KeyOf(path), out var known))
            {
                if (_nodes.Count == maxNodes)
                {
                    throw new ProjectException(
                        ProjectErrorCode.BadUpload, $"The upload has more than {maxNodes} files and folders. Leave out what is not needed to run.");
                }

                _nodes.Add(EntryName.KeyOf(path), (path, isFile));
                return null;
            }

            return known.IsFile && !isFile ? $"needs a folder where '{known.Path}' is a file: rename one of the two."
                : isFile && !known.IsFile ? $"is a file where another entry needs the folder '{known.Path}': rename one of the two."
                : known.Path != path
                ? $"differs from '{known.Path}' only in case or in how its accents are written, and is the same file on some disks: "
                    + "rename one of the two."
                : isFile ? "is there twice: make the archive anew with each file once."
                : null;
        }
    }
}

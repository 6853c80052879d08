using BenchmarkDotNet.Attributes;
using CloudFunction.Runtime.Projects.Watching;

namespace CloudFunction.Benchmarks;

/// <summary>One scan of all projects, which the watch makes every five seconds: 500 projects of ten files, all in the system's cache.</summary>
public class ProjectsScans
{
    private const int Projects = 500;
    private const int Files = 10;

    private string _directory = "";

    [GlobalSetup]
    public void Write()
    {
        _directory = Directory.CreateTempSubdirectory("scan-").FullName;
        for (var project = 0; project < Projects; project++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(_directory, $"project{project}")).FullName;
            for (var file = 0; file < Files; file++)
            {
                File.WriteAllText(Path.Combine(folder, $"Function{file}.cs"), "// ten files");
            }
        }
    }

    [GlobalCleanup]
    public void Delete() => Directory.Delete(_directory, recursive: true);

    [Benchmark]
    public int Scan() => ProjectsScan.Read(_directory)!.Count;
}

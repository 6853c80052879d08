using SideBySide.Processes;

namespace SideBySide.ColdPath;

/// <summary>A copy of the sample project whose <c>.env</c> sets what only the start of a process takes, so that no standby
/// worker can run it.</summary>
internal sealed class OwnProcessProject : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("sbs-");

    private OwnProcessProject()
    {
    }

    public string ProjectsDirectory => _files.FullName;

    public static OwnProcessProject Make()
    {
        var project = new OwnProcessProject();
        var folder = Path.Combine(project.ProjectsDirectory, "hello");
        HelloProject.CopyTo(folder);

        // The runtime's own default: what differs is that it is set, not how the process runs.
        File.WriteAllText(Path.Combine(folder, ".env"), "DOTNET_TieredCompilation=1\n");
        return project;
    }

    public void Dispose() => _files.Delete(recursive: true);
}

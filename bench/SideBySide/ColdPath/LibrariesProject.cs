using SideBySide.Processes;

namespace SideBySide.ColdPath;

/// <summary>The sample functions in a project that references <c>CloudFunction.Llm</c> and <c>CloudFunction.Data</c>.</summary>
internal sealed class LibrariesProject : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("sbs-");

    private LibrariesProject()
    {
    }

    public string ProjectsDirectory => _files.FullName;

    /// <param name="registers">Whether its startup registers both.</param>
    /// <param name="uses">Whether it has a client made and opens a SQLite file as it starts.</param>
    public static LibrariesProject Make(bool registers, bool uses)
    {
        var project = new LibrariesProject();
        var source = Path.GetDirectoryName(Repository.LibraryFunctions)!;
        var folder = Path.Combine(project.ProjectsDirectory, "hello");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        File.WriteAllText(Path.Combine(folder, ".env"), $"LIBRARIES_REGISTERED={(registers ? 1 : 0)}\nLIBRARIES_USED={(uses ? 1 : 0)}\nARK_API_KEY=none\n");
        return project;
    }

    public void Dispose() => _files.Delete(recursive: true);
}

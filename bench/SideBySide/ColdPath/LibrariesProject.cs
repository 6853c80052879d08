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

    /// <summary>None of whose code names them.</summary>
    public static LibrariesProject MakeReferencing() => Make(Repository.ReferencingFunctions, "");

    /// <summary>Whose startup registers both.</summary>
    /// <param name="uses">Whether it also has a client made and opens a SQLite file as it starts.</param>
    public static LibrariesProject MakeRegistering(bool uses) =>
        Make(Repository.LibraryFunctions, $"LIBRARIES_USED={(uses ? 1 : 0)}\nARK_API_KEY=none\n");

    public void Dispose() => _files.Delete(recursive: true);

    private static LibrariesProject Make(string assembly, string environment)
    {
        var project = new LibrariesProject();
        var folder = Path.Combine(project.ProjectsDirectory, "hello");
        DeployedFiles.CopyTo(Path.GetDirectoryName(assembly)!, folder);
        File.WriteAllText(Path.Combine(folder, ".env"), environment);
        return project;
    }
}

namespace SideBySide.Processes;

/// <summary>Where things are in the repository that this executable was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string SampleHost => Built("samples", "SampleHost");

    public static string BareProcess => Built("bench", "BareProcess");

    public static string AnswerFunctions => Built("bench", "AnswerFunctions");

    public static string StreamFunctions => Built("bench", "StreamFunctions");

    public static string EmptyFunctions => Built("bench", "EmptyFunctions");

    public static string EdgeFunctions => Built("bench", "EdgeFunctions");

    public static string ReferencingFunctions => Built("bench", "ReferencingFunctions");

    public static string LibraryFunctions => Built("bench", "LibraryFunctions");

    private static string Built(string folder, string project)
    {
        var assembly = Path.Combine(Root, folder, project, "bin", "Release", "net10.0", $"{project}.dll");
        return File.Exists(assembly)
            ? assembly
            : throw new MeasurementException($"{folder}/{project} is not built; run: dotnet build -c Release {folder}/{project}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CloudFunction.sln")))
            {
                return folder.FullName;
            }
        }

        throw new MeasurementException("No CloudFunction.sln above this executable: run it from where it was built.");
    }
}

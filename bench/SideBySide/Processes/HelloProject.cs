namespace SideBySide.Processes;

/// <summary>The published sample functions, as the sample host's build leaves them in the repository's <c>projects/hello</c>.</summary>
internal static class HelloProject
{
    /// <summary>Copies it all to a folder, which is made; but no <c>.env</c>, which is somebody's own.</summary>
    public static void CopyTo(string folder)
    {
        var source = new DirectoryInfo(Path.Combine(Repository.Root, "projects", "hello"));
        if (!source.Exists)
        {
            throw new MeasurementException("projects/hello is not there; run: dotnet build -c Release samples/SampleHost");
        }

        foreach (var file in source.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Name != ".env"))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(source.FullName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            file.CopyTo(copy);
        }
    }
}

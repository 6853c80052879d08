namespace SideBySide.Processes;

/// <summary>The files of a built function project, on their way to a folder in PROJECTS_DIR.</summary>
internal static class DeployedFiles
{
    /// <summary>Copies all of them to a folder, which is made; but no <c>.env</c>, which is somebody's own.</summary>
    public static void CopyTo(string source, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != ".env"))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}

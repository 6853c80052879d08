namespace SideBySide.Processes;

/// <summary>The published sample functions, as the sample host's build leaves them in the repository's <c>projects/hello</c>.</summary>
internal static class HelloProject
{
    /// <inheritdoc cref="DeployedFiles.CopyTo"/>
    public static void CopyTo(string folder)
    {
        var source = Path.Combine(Repository.Root, "projects", "hello");
        if (!Directory.Exists(source))
        {
            throw new MeasurementException("projects/hello is not there; run: dotnet build -c Release samples/SampleHost");
        }

        DeployedFiles.CopyTo(source, folder);
    }
}

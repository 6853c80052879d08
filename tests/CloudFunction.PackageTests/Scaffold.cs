namespace CloudFunction.PackageTests;

/// <summary>A host and a function project that know nothing but the packages.</summary>
internal static class Scaffold
{
    private const string Program = """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddCloudFunctionServer();
        builder.Services.AddCloudFunctions();

        var app = builder.Build();
        app.MapCloudFunctions();
        app.Run();
        """;

    /// <summary>The path of the published host's executable.</summary>
    public static string ExecutableOf(string output) => Path.Combine(output, OperatingSystem.IsWindows() ? "Host.exe" : "Host");

    /// <summary>Makes a folder with <c>Host/</c> and <c>Greetings/</c>.</summary>
    /// <returns>Its path.</returns>
    public static string Create(PackedPackages packages, string name)
    {
        var folder = packages.NewFolder(name);
        Files.Write(folder, "Host/Host.csproj", Files.HostProject);
        Files.Write(folder, "Host/Program.cs", Program);
        Files.Write(folder, "Greetings/Greetings.csproj", Files.FunctionProject);
        Files.Write(folder, "Greetings/Greet.cs", Files.GreetFunction);
        return folder;
    }
}

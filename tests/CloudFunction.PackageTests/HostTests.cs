namespace CloudFunction.PackageTests;

/// <summary>A host and a function project that know nothing but the packages, in an empty folder, with an empty cache.</summary>
[Collection(PackedOnce.Name)]
public sealed class HostTests(PackedPackages packages)
{
    private const string Program = """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddCloudFunctionServer();
        builder.Services.AddCloudFunctions();

        var app = builder.Build();
        app.MapCloudFunctions();
        app.Run();
        """;

    [Fact]
    public async Task Host_BuiltAndRun_ServesAPublishedProjectFromAWorker()
    {
        var folder = Scaffold("built");
        await Dotnet.RunAsync(Path.Combine(folder, "Greetings"), packages.Environment, "publish", "-nologo", "-o", Path.Combine(folder, "projects", "greetings"));
        await Dotnet.RunAsync(Path.Combine(folder, "Host"), packages.Environment, "build", "-nologo", "-warnaserror");

        await AssertServesAsync("dotnet", folder, Path.Combine(folder, "Host", "bin", "Debug", "net10.0", "Host.dll"));
    }

    [Theory]
    [InlineData("published")]
    [InlineData("single", "-p:PublishSingleFile=true", "--no-self-contained", "--use-current-runtime")]
    public async Task Host_Published_ServesFromItsOwnFolder(string name, params string[] options)
    {
        var folder = Scaffold(name);
        var output = Path.Combine(folder, "out");
        await Dotnet.RunAsync(Path.Combine(folder, "Host"), packages.Environment, ["publish", "-nologo", "-warnaserror", "-o", output, .. options]);
        Directory.CreateDirectory(Path.Combine(output, "projects", "greetings"));
        File.WriteAllText(Path.Combine(output, "projects", "greetings", "Greet.cs"), Files.GreetFunction); // Source code, which the host builds.

        Assert.True(File.Exists(Path.Combine(output, "worker", "core", "CloudFunction.Worker.dll")), string.Join('\n', Directory.EnumerateFileSystemEntries(output)));
        await AssertServesAsync(Path.Combine(output, OperatingSystem.IsWindows() ? "Host.exe" : "Host"), output);
    }

    private static async Task AssertServesAsync(string file, string directory, params string[] arguments)
    {
        var (host, address) = await RunningHost.StartAsync(file, directory, arguments);
        await using (host)
        {
            var result = await host.InvokeAsync(address, "greetings/greet", new { name = "Ada" });

            Assert.Equal("Hello, Ada!", result.GetProperty("message").GetString());
            Assert.NotEqual(host.Pid, result.GetProperty("processId").GetInt32());
        }
    }

    private string Scaffold(string name)
    {
        var folder = packages.NewFolder(name);
        Files.Write(folder, "Host/Host.csproj", Files.HostProject);
        Files.Write(folder, "Host/Program.cs", Program);
        Files.Write(folder, "Greetings/Greetings.csproj", Files.FunctionProject);
        Files.Write(folder, "Greetings/Greet.cs", Files.GreetFunction);
        return folder;
    }
}

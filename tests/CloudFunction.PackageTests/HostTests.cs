namespace CloudFunction.PackageTests;

/// <summary>A host and a function project that know nothing but the packages, in an empty folder, with an empty cache.</summary>
[Collection(PackedOnce.Name)]
public sealed class HostTests(PackedPackages packages)
{
    [Fact]
    public async Task Host_BuiltAndRun_ServesAPublishedProjectFromAWorker()
    {
        var folder = Scaffold.Create(packages, "built");
        await Dotnet.RunAsync(
            Path.Combine(folder, "Greetings"), packages.Environment, "publish", "-nologo", "-o", Path.Combine(folder, "projects", "greetings"));
        await Dotnet.RunAsync(Path.Combine(folder, "Host"), packages.Environment, "build", "-nologo", "-warnaserror");

        await AssertServesAsync("dotnet", folder, Path.Combine(folder, "Host", "bin", "Debug", "net10.0", "Host.dll"));
    }

    [Theory]
    [InlineData("published")]
    [InlineData("single", "-p:PublishSingleFile=true", "--no-self-contained", "--use-current-runtime")]
    public async Task Host_Published_ServesFromItsOwnFolder(string name, params string[] options)
    {
        var folder = Scaffold.Create(packages, name);
        var output = Path.Combine(folder, "out");
        await Dotnet.RunAsync(Path.Combine(folder, "Host"), packages.Environment, ["publish", "-nologo", "-warnaserror", "-o", output, .. options]);
        Directory.CreateDirectory(Path.Combine(output, "projects", "greetings"));
        File.WriteAllText(Path.Combine(output, "projects", "greetings", "Greet.cs"), Files.GreetFunction); // Source code, which the host builds.

        Assert.True(
            File.Exists(Path.Combine(output, "worker", "core", "CloudFunction.Worker.dll")),
            string.Join('\n', Directory.EnumerateFileSystemEntries(output)));
        await AssertServesAsync(Scaffold.ExecutableOf(output), output);
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
}

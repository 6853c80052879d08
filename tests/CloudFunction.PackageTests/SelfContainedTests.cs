namespace CloudFunction.PackageTests;

/// <summary>Hosts that have .NET with them, on a machine that seems to have none.</summary>
[Collection(PackedOnce.Name)]
public sealed class SelfContainedTests(PackedPackages packages)
{
    // What is fixed when a process starts: runtime configuration of its own, and an assembly newer than the runtime's.
    private const string NewerProject = """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <OutputType>Library</OutputType>
            <GenerateRuntimeConfigurationFiles>true</GenerateRuntimeConfigurationFiles>
            <ServerGarbageCollection>true</ServerGarbageCollection>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="CloudFunction.Abstractions" Version="VERSION" />
            <PackageReference Include="System.Text.Json" Version="11.0.0" />
          </ItemGroup>
        </Project>
        """;

    private const string NewerFunction = """
        using System.Runtime;
        using System.Text.Json;
        using CloudFunction;
        using Microsoft.AspNetCore.Http;

        namespace Newer;

        public sealed record Description(int ProcessId, bool IsServer, int Json, string Web);

        public sealed class Describe : IFunction<string, Description>
        {
            public ValueTask<Description> InvokeAsync(string request, FunctionContext context, CancellationToken cancellationToken) =>
                ValueTask.FromResult(new Description(
                    Environment.ProcessId, GCSettings.IsServerGC, typeof(JsonSerializer).Assembly.GetName().Version!.Major,
                    typeof(HttpContext).Assembly.Location));
        }
        """;

    public static TheoryData<string, string, string[]> Forms() => new()
    {
        { "self-contained", "", [] },
        { "self-contained-file", "worker", ["-p:PublishSingleFile=true"] },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Host_SelfContained_ServesWithNoDotnet(string name, string runtimeFolder, string[] options)
    {
        var (folder, output) = await PublishAsync(name, options);
        Files.Write(folder, "Newer/Newer.csproj", NewerProject.Replace("VERSION", Built.Version, StringComparison.Ordinal));
        Files.Write(folder, "Newer/Describe.cs", NewerFunction);
        foreach (var project in (string[])["Greetings", "Newer"])
        {
            await Dotnet.RunAsync(
                Path.Combine(folder, project),
                packages.Environment,
                "publish",
                "-nologo",
                "-o",
                Path.Combine(output, "projects", project.ToLowerInvariant()));
        }

        var runtime = Path.TrimEndingDirectorySeparator(Path.Combine(output, runtimeFolder));
        Assert.Equal(
            [Path.Combine(runtime, "System.Private.CoreLib.dll")],
            Directory.EnumerateFiles(output, "System.Private.CoreLib.dll", SearchOption.AllDirectories));
        var (host, address) = await RunningHost.StartAsync(NoDotnet.Environment, Scaffold.ExecutableOf(output), output);
        await using (host)
        {
            var greeting = await host.InvokeAsync(address, "greetings/greet", new { name = "Ada" });
            var description = await host.InvokeAsync(address, "newer/describe", "");

            Assert.Equal("Hello, Ada!", greeting.GetProperty("message").GetString());
            Assert.Equal((true, 11), (description.GetProperty("isServer").GetBoolean(), description.GetProperty("json").GetInt32()));
            Assert.Equal(runtime, Path.GetDirectoryName(description.GetProperty("web").GetString()));
            int[] workers = [greeting.GetProperty("processId").GetInt32(), description.GetProperty("processId").GetInt32()];
            Assert.Equal(3, workers.Append(host.Pid).Distinct().Count());
            Assert.All(workers, worker => NoDotnet.AssertNotUsed(worker, runtime));
            NoDotnet.AssertNotUsed(host.Pid, runtimeFolder.Length == 0 ? runtime : null);
        }
    }

    [Fact]
    public async Task Host_SelfContained_BuildsSourceCodeWhereThereIsAnSdk()
    {
        var (_, output) = await PublishAsync("self-contained-source");
        Files.Write(output, "projects/greetings/Greet.cs", Files.GreetFunction);

        var (without, withoutAddress) = await RunningHost.StartAsync(NoDotnet.Environment, Scaffold.ExecutableOf(output), output);
        await using (without)
        {
            var project = await without.DescribeAsync(withoutAddress, "greetings", data => data.GetProperty("last_error").GetString() is not null);

            Assert.Contains(
                "there is no .NET SDK 10 or later on this machine to build it: install the SDK",
                project.GetProperty("last_error").GetString(),
                StringComparison.Ordinal);
        }

        var (with, withAddress) = await RunningHost.StartAsync(Scaffold.ExecutableOf(output), output);
        await using (with)
        {
            Assert.Equal(
                "Hello, Ada!", (await with.InvokeAsync(withAddress, "greetings/greet", new { name = "Ada" })).GetProperty("message").GetString());
        }
    }

    private async Task<(string Folder, string Output)> PublishAsync(string name, params string[] options)
    {
        var folder = Scaffold.Create(packages, name);
        var output = Path.Combine(folder, "out");
        await Dotnet.RunAsync(
            Path.Combine(folder, "Host"), packages.Environment,
            ["publish", "-nologo", "-warnaserror", "--self-contained", "--use-current-runtime", "-o", output, .. options]);
        return (folder, output);
    }
}

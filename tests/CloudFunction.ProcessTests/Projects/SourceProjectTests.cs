using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Projects;

/// <summary>Projects that are source code: the host builds them with the SDK of this machine.</summary>
public sealed class SourceProjectTests
{
    private const double BuildSeconds = 120; // A first restore on a busy machine.

    private const string Hello = """
        using Humanizer;

        record Greeting(string Message);

        class HelloFunction : IFunction<string, Greeting>
        {
            public ValueTask<Greeting> InvokeAsync(string name, FunctionContext context, CancellationToken cancellationToken) =>
                new(new Greeting($"Hello, {name.Humanize(LetterCasing.Title)}!"));
        }
        """;

    [SkippableFact]
    public async Task BareFile_WithAPackage_RunsAndIsBuiltAnewAtARestart()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot();
        var folder = Directory.CreateDirectory(Path.Combine(root.ProjectsDirectory, "demo")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "hello.cs"), Hello);
        await File.WriteAllTextAsync(Path.Combine(folder, "requirements.txt"), "Humanizer.Core==2.14.1\n");
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForStatusAsync("demo", "running", BuildSeconds);

        Assert.Equal("Hello, Ada Lovelace!", await GreetAsync(host));

        await File.WriteAllTextAsync(Path.Combine(folder, "hello.cs"), Hello.Replace("Hello,", "Welcome,", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("demo", "restart")).Status);
        Assert.Equal("Welcome, Ada Lovelace!", await GreetAsync(host));

        // What does not compile is said, with its place, and what served goes on.
        await File.WriteAllTextAsync(Path.Combine(folder, "hello.cs"), Hello.Replace("new(new", "new(nw", StringComparison.Ordinal));
        Assert.NotEqual(HttpStatusCode.OK, (await host.ActAsync("demo", "restart")).Status);
        Assert.Equal("Welcome, Ada Lovelace!", await GreetAsync(host));
        await Eventually.BecomesAsync(
            () => host.Output.Find("hello.cs:8:16: CS") is not null, TimeSpan.FromSeconds(10),
            () => $"The error was not told with its place. {host.Output}");
    }

    [SkippableFact]
    public async Task Project_IsBuiltOnceAndNotAgainAfterARestartOfTheHost()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot();
        var folder = Directory.CreateDirectory(Path.Combine(root.ProjectsDirectory, "demo")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "Demo.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Humanizer.Core" Version="2.14.1" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Hello.cs"),
            "using CloudFunction;\n"
            + Hello.Replace("record", "public record", StringComparison.Ordinal).Replace("class", "public class", StringComparison.Ordinal));
        await using (var first = await HostProcess.StartAsync(root))
        {
            Assert.Equal(1, (await first.WaitForStatusAsync("demo", "running", BuildSeconds)).GetProperty("version").GetInt32());
            Assert.Equal("Hello, Ada Lovelace!", await GreetAsync(first));
            await first.StopAsync();
        }

        var build = Path.Combine(root.DataDirectory, "builds");
        Directory.Delete(build, recursive: true);
        await using var second = await HostProcess.StartAsync(root);
        Assert.Equal(1, (await second.WaitForStatusAsync("demo", "running")).GetProperty("version").GetInt32());
        Assert.False(Directory.Exists(build), "It was built again.");
    }

    private static async Task<string?> GreetAsync(HostProcess host) =>
        (await host.InvokeAsync("demo", "hello", "\"ada lovelace\"")).Result.GetProperty("message").GetString();
}

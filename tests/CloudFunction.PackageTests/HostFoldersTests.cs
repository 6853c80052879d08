using System.Text.Json;

namespace CloudFunction.PackageTests;

/// <summary>What lies in a host's own folders is none of its build's business.</summary>
[Collection(PackedOnce.Name)]
public sealed class HostFoldersTests(PackedPackages packages)
{
    private const string NoCode = "this compiles nowhere";

    // What the SDK would take otherwise, by the folder that it lies in: a built project with its obj/, and what a host keeps.
    private static readonly string[] NotOfTheHost =
    [
        "projects/hello/Greet.cs", "projects/source/Source.csproj", "projects/source/Greet.cs",
        "projects/source/obj/Debug/net10.0/Source.AssemblyInfo.cs", "projects/source/bin/Debug/net10.0/Source.deps.json",
        "projects/source/appsettings.json", "projects/source/Page.cshtml", "projects/source/Strings.resx", "deployments/hello/1/Greet.cs",
        "deployments/hello/1/appsettings.json", "data/builds/1/Greet.cs",
        "data/trash/hello/Greet.cs", "data/uploads/1/Greet.cs", "logs/projects/hello/Greet.cs", "logs/json.json",
    ];

    [Fact]
    public async Task Build_WhereTheFoldersAreFull_TakesNothingFromThem()
    {
        var host = Scaffold("full-folders");

        await Dotnet.RunAsync(host, packages.Environment, "build", "-nologo", "-warnaserror");
        var output = Path.Combine(host, "..", "out");
        await Dotnet.RunAsync(host, packages.Environment, "publish", "-nologo", "-warnaserror", "-o", output);

        var said = await Dotnet.RunAsync(host, packages.Environment, "msbuild", "-nologo", "-getItem:Compile,Content,None,EmbeddedResource");
        var items = JsonElement.Parse(said).GetProperty("Items").EnumerateObject().SelectMany(kind => kind.Value.EnumerateArray())
            .Select(item => item.GetProperty("Identity").GetString()!.Replace('\\', '/')).ToList();
        Assert.Empty(items.Intersect(NotOfTheHost));
        // An app's own data/ stays the app's.
        Assert.All((string[])["Program.cs", "data/Orders.cs", "data/own.json"], file => Assert.Contains(file, items));
        Assert.DoesNotContain(Directory.EnumerateDirectories(output).Select(Path.GetFileName), name => name is "projects" or "deployments" or "logs");
    }

    [Fact]
    public async Task Watch_WhereTheFoldersAreFull_WatchesNothingInThem()
    {
        var host = Scaffold("watched-folders");
        await Dotnet.RunAsync(host, packages.Environment, "restore");

        var watched = (await Dotnet.RunAsync(host, packages.Environment, "watch", "--list", "--non-interactive")).ReplaceLineEndings("\n")
            .Split('\n')
            .Select(line => line.Replace('\\', '/'))
            .ToList();

        Assert.Contains(watched, line => line.EndsWith("/Host/Program.cs", StringComparison.Ordinal));
        Assert.All(NotOfTheHost, file => Assert.DoesNotContain(watched, line => line.EndsWith($"/Host/{file}", StringComparison.Ordinal)));
    }

    private string Scaffold(string name)
    {
        var folder = packages.NewFolder(name);
        Files.Write(folder, "Host/Host.csproj", Files.HostProject);
        Files.Write(folder, "Host/Program.cs", """
            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddCloudFunctions();
            builder.Services.AddSingleton<Host.Data.Orders>();
            builder.Build().Run();
            """);
        Files.Write(folder, "Host/data/Orders.cs", "namespace Host.Data;\n\npublic sealed class Orders;\n");
        Files.Write(folder, "Host/data/own.json", "{}");
        foreach (var file in NotOfTheHost)
        {
            Files.Write(folder, $"Host/{file}", NoCode);
        }

        return Path.Combine(folder, "Host");
    }
}

using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CloudFunction.PackageTests;

/// <summary>A published host where .NET's runtime is and no SDK.</summary>
[Collection(PackedOnce.Name)]
public sealed class RuntimeAloneTests(PackedPackages packages)
{
    [Fact]
    public async Task Host_WhereThereIsNoSdk_ServesWhatWasPublishedAndRefusesSources()
    {
        var folder = packages.NewFolder("runtime-alone");
        await packages.InstallTemplatesAsync();
        await Dotnet.RunAsync(folder, packages.Environment, "new", "cloudfunction-host", "-n", "Host");
        await Dotnet.RunAsync(folder, packages.Environment, "new", "cloudfunction-project", "-n", "Greetings");
        var output = Path.Combine(folder, "out");
        await Dotnet.RunAsync(Path.Combine(folder, "Host"), packages.Environment, "publish", "-nologo", "-warnaserror", "-o", output);
        await Dotnet.RunAsync(
            folder, packages.Environment, "publish", "Greetings/src/Greetings", "-nologo", "-warnaserror", "-o", Path.Combine(folder, "greetings"));
        var dotnet = CopyRuntime(Path.Combine(folder, "dotnet"));
        var environment = new Dictionary<string, string>
        {
            ["HOST"] = "127.0.0.1",
            ["PORT"] = "0",
            ["PATH"] = dotnet,
            ["DOTNET_ROOT"] = dotnet,
            ["DOTNET_ROOT_X64"] = "",
            ["DOTNET_HOST_PATH"] = "",
            ["MSBuildSDKsPath"] = "",
        };
        Files.Write(output, "projects/source/Greet.cs", Files.GreetFunction);
        var (host, address) = await RunningHost.StartAsync(
            environment, Path.Combine(dotnet, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"), output, Path.Combine(output, "Host.dll"));
        await using (host)
        {
            using var client = RunningHost.NewClient();
            using var archive = new ByteArrayContent(Zip(Path.Combine(folder, "greetings")));
            archive.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
            var deployed = await client.PostAsync(new Uri(address, "/api/v1/projects/greetings/deploy"), archive);
            Assert.True(deployed.StatusCode == HttpStatusCode.OK, await deployed.Content.ReadAsStringAsync());
            Assert.EndsWith(
                ", Ada!",
                (await host.InvokeAsync(address, "greetings/greet", new { name = "Ada" })).GetProperty("message").GetString(),
                StringComparison.Ordinal);

            var refused = await client.PostAsync(new Uri(address, "/api/v1/projects/source/deploy"), null);
            var error = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "DEPENDENCY_ERROR"), (refused.StatusCode, error.GetProperty("code").GetString()));
            Assert.Contains("SDK", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    // Whole, and not by links: the runtime finds itself where its files really are.
    private static string CopyRuntime(string target)
    {
        var version = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory()); // …/shared/Microsoft.NETCore.App/10.0.1
        var root = Path.GetFullPath(Path.Combine(version, "..", "..", ".."));
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        Directory.CreateDirectory(target);
        File.Copy(Path.Combine(root, name), Path.Combine(target, name));
        foreach (var part in (string[])[
            Path.Combine("host", "fxr"),
            Path.Combine("shared", "Microsoft.NETCore.App"),
            Path.Combine("shared", "Microsoft.AspNetCore.App"),
        ])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, part), "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(target, Path.GetRelativePath(root, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }

        return target;
    }

    private static byte[] Zip(string folder)
    {
        var archive = Path.Combine(Path.GetDirectoryName(folder)!, "upload.zip");
        ZipFile.CreateFromDirectory(folder, archive);
        return File.ReadAllBytes(archive);
    }
}

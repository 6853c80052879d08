using System.Runtime.InteropServices;

namespace CloudFunction.PackageTests;

/// <summary>What the SDK's own container publishing makes of a host. There is no container engine here: the image is opened, and what it
/// would start is started.</summary>
[Collection(PackedOnce.Name)]
public sealed class ContainerTests(PackedPackages packages)
{
    [SkippableTheory]
    [InlineData("container", "--no-self-contained")]
    [InlineData("container-self-contained", "--self-contained")]
    [InlineData("container-file", "--self-contained", "-p:PublishSingleFile=true")]
    public async Task PublishContainer_HostWithItsWorker_ServesFromTheImagesFiles(string name, params string[] options)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The image's files run on Linux alone.");

        var folder = Scaffold.Create(packages, name);
        var archive = Path.Combine(folder, "image.tar");
        await using (var registry = await BaseImageRegistry.StartAsync(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64"))
        {
            await Dotnet.RunAsync(
                Path.Combine(folder, "Host"),
                packages.Environment,
                [
                    "publish",
                    "-nologo",
                    "-warnaserror",
                    "-t:PublishContainer",
                    "--use-current-runtime",
                    $"-p:ContainerBaseImage={registry.Image}",
                    $"-p:ContainerArchiveOutputPath={archive}",
                    .. options,
                ]);
        }

        var image = await ContainerImage.OpenAsync(archive, Path.Combine(folder, "image"));
        var root = Path.Combine(folder, "root");
        await image.UnpackAppAsync(root);
        var work = root + image.Config.GetProperty("WorkingDir").GetString();
        var entrypoint = image.Config.GetProperty("Entrypoint")
            .EnumerateArray()
            .Select(part => part.GetString()!)
            .Select(part => part.StartsWith('/') ? root + part : part)
            .ToArray();
        await Dotnet.RunAsync(
            Path.Combine(folder, "Greetings"), packages.Environment, "publish", "-nologo", "-o", Path.Combine(work, "projects", "greetings"));

        var (host, address) = await RunningHost.StartAsync(
            options.Contains("--self-contained") ? NoDotnet.Environment : RunningHost.OnAnyPort, entrypoint[0], work, entrypoint[1..]);
        await using (host)
        {
            Assert.Equal(
                "Hello, Ada!", (await host.InvokeAsync(address, "greetings/greet", new { name = "Ada" })).GetProperty("message").GetString());
        }
    }
}

using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Deployments;

/// <summary>Hosts that are killed in the middle of a deploy.</summary>
public sealed class CrashTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // From the arrival of an upload to its answer, which takes some 300 ms: wherever the kill falls, what follows must hold.
    private static readonly int[] Delays = [0, 20, 60, 120, 200, 300];

    [SkippableFact]
    public async Task Kill_InMidUpload_TheNextHostServesOneVersionAsAWhole()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithShop("shop", 1);
        var versions = Path.Combine(root.Root, "deployments", "shop");
        Func<Task>[] moments =
        [
            .. Delays.Select(delay => (Func<Task>)(() => Task.Delay(delay))),
            () => AppearsAsync(root.ProjectsDirectory, ".staging-*"),
            () => AppearsAsync(versions, ".staging-*"),
            () => AppearsAsync(root.ProjectsDirectory, ".replaced-*"),
            () => AppearsAsync(versions, "active.json"),
        ];
        var before = 1;
        var isAnswered = true;
        for (var moment = 0; moment < moments.Length; moment++)
        {
            await using var host = await HostProcess.StartAsync(root);
            before = await AssertWholeAsync(root, host, before, moment, isAnswered);
            isAnswered = await KillAsync(root, host, moments[moment](), UploadAsync(host, moment + 2));
        }

        await using var last = await HostProcess.StartAsync(root);
        await AssertWholeAsync(root, last, before, moments.Length, isAnswered);
    }

    // Versions say of themselves how many uploads there were before them, and one more.
    private static async Task<int> AssertWholeAsync(ContentRoot root, HostProcess host, int before, int uploads, bool isAnswered)
    {
        var next = uploads + 1;
        await host.WaitForStatusAsync("shop", "running");
        var serves = await host.VersionAsync("shop"); // Fails where code and files are of two versions.
        var folder = await File.ReadAllTextAsync(Path.Combine(root.Folder("shop"), "number.txt"));
        var state = $"It serves {serves}, and its folder is {folder}; before it was {before}, and {next} was "
            + $"{(isAnswered ? "" : "not ")}answered. {host.Output}";
        Assert.True($"{serves}" == folder, state);
        Assert.True(serves == next || (serves == before && !isAnswered), state);
        Assert.Equal(ShopProject.Version(serves)["Shop.dll"], await File.ReadAllBytesAsync(Path.Combine(root.Folder("shop"), "Shop.dll")));
        Assert.Equal(["shop"], Directory.GetFileSystemEntries(root.ProjectsDirectory).Select(Path.GetFileName));
        Assert.Empty(Directory.Exists(Path.Combine(root.DataDirectory, "uploads"))
            ? Directory.GetFileSystemEntries(Path.Combine(root.DataDirectory, "uploads"))
            : []);

        // Every version that is told of has been loaded as a whole.
        Assert.All(await host.VersionsAsync("shop"), version =>
            Assert.Contains("version", version.GetProperty("functions").EnumerateArray().Select(function => function.GetString())));
        return serves;
    }

    private static async Task<bool> KillAsync(ContentRoot root, HostProcess host, Task moment, Task<bool> upload)
    {
        await Task.WhenAny(moment, upload);
        UnixProcess.Signal(host.Pid, UnixProcess.SigKill);
        var isAnswered = await upload;
        await host.WaitForExitAsync();
        await Eventually.BecomesAsync(
            () => !root.RecordedWorkers.Any(UnixProcess.IsAlive), TimeSpan.FromSeconds(5),
            () => $"Workers of the host that was killed are left: {string.Join(", ", root.RecordedWorkers)}.");
        return isAnswered;
    }

    private static async Task<bool> UploadAsync(HostProcess host, int number)
    {
        try
        {
            await host.UploadAsync("shop", ShopProject.Version(number));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task AppearsAsync(string directory, string pattern)
    {
        using var watcher = new FileSystemWatcher(directory, pattern);
        var seen = new TaskCompletionSource();
        watcher.Created += (_, _) => seen.TrySetResult();
        watcher.Renamed += (_, _) => seen.TrySetResult();
        watcher.EnableRaisingEvents = true;
        await seen.Task.WaitAsync(Patience);
    }
}

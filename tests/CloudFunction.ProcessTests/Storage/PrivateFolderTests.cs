using System.Diagnostics;
using System.Runtime.Versioning;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Storage;

/// <summary>What other users of the machine can get at.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFolderTests
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode EverybodysToRead =
        OwnersAlone | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [SkippableFact]
    public async Task Run_FoldersThatTheHostMakes_AreItsUsersAlone()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot();
        Directory.Delete(root.ProjectsDirectory);
        File.SetUnixFileMode(root.Root, EverybodysToRead);
        await using var host = await HostProcess.StartAsync(root);
        await host.UploadAsync("shop", ShopProject.Version(1));
        await host.InvokeAsync("shop", "version", $"\"{new string('x', 100_000)}\"", "?mode=async");

        foreach (var folder in (string[])["data", "deployments", "logs", "projects"])
        {
            Assert.Equal(OwnersAlone, File.GetUnixFileMode(Path.Combine(root.Root, folder)));
            Assert.All(
                Directory.GetDirectories(Path.Combine(root.Root, folder), "*", SearchOption.AllDirectories),
                path => Assert.True(File.GetUnixFileMode(path) == OwnersAlone, $"{path}: {File.GetUnixFileMode(path)}"));
        }

        foreach (var file in (string[])[
            "data/tasks/tasks.db",
            "deployments/shop/active.json",
            "projects/shop/Shop.dll",
            .. Directory.GetFiles(Path.Combine(root.DataDirectory, "blobs")),
        ])
        {
            Assert.True(File.Exists(Path.Combine(root.Root, file)), file);
            Assert.False(CanNobodyRead(Path.Combine(root.Root, file)), file);
        }
    }

    [SkippableFact]
    public async Task Start_FoldersThatAreThereAreOpen_WarnsInOneLineAndLeavesThem()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot();
        File.WriteAllText(Path.Combine(root.Root, ".env"), "A=1\n");
        File.SetUnixFileMode(root.Root, EverybodysToRead);
        File.SetUnixFileMode(Path.Combine(root.Root, ".env"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Directory.CreateDirectory(root.DataDirectory, EverybodysToRead);
        File.SetUnixFileMode(root.ProjectsDirectory, OwnersAlone);
        File.SetUnixFileMode(Path.Combine(root.Root, "config"), OwnersAlone);
        await using var host = await HostProcess.StartAsync(root);

        var line = Assert.Single(
            host.Output.Text.Split('\n'), line => line.Contains("Other users of this machine can read or write", StringComparison.Ordinal));

        Assert.Contains("DATA_DIR, .env:", line);
        Assert.Contains($"chmod 700 '{root.DataDirectory}'; chmod 600 '{Path.Combine(root.Root, ".env")}'", line);
        Assert.Equal(EverybodysToRead, File.GetUnixFileMode(root.DataDirectory));
    }

    // As another user where this one may become one; else the folders' rights have to say it.
    private static bool CanNobodyRead(string path)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "cat", path])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

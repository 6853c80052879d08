using System.Net;
using System.Text.Json;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Deployments;

/// <summary>What becomes of changes in the projects folder of a host that runs.</summary>
public sealed class WatcherTests
{
    [SkippableFact]
    public async Task Deploy_FolderThatNobodyHasTold_MakesTheProject()
    {
        using var root = new ContentRoot();
        await using var host = await HostProcess.StartAsync(root, ("WATCH_PROJECTS", "false"));
        root.WithShop("shop", 1);

        Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("shop", "deploy")).Status);

        Assert.Equal(1, await host.VersionAsync("shop"));
    }

    [SkippableFact]
    public async Task Start_FolderIsBroken_CallsWaitForTheVersionThatServedLast()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using (var first = await HostProcess.StartAsync(root))
        {
            await first.WaitForVersionAsync("shop", 1);
            await first.StopAsync();
        }

        File.Delete(Directory.EnumerateFiles(root.Folder("shop"), "*.deps.json").Single());
        await using var host = await HostProcess.StartAsync(root);

        Assert.Equal(1, await host.VersionAsync("shop"));
        Assert.NotNull((await host.WaitForStatusAsync("shop", "running")).GetProperty("last_error").GetString());
    }

    private const double BuildSeconds = 120; // A first restore on a busy machine.

    private const string Hello = """
        using Humanizer;

        class HelloFunction : IFunction<string, string>
        {
            public ValueTask<string> InvokeAsync(string name, FunctionContext context, CancellationToken cancellationToken) =>
                new($"Hello, {name.Humanize(LetterCasing.Title)}!");
        }
        """;

    [SkippableFact]
    public async Task BareFile_SavedAndEdited_IsServedAndWhatDoesNotCompileIsTold()
    {
        using var root = new ContentRoot().With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root);
        await using var load = new BackgroundLoad(host, "hello", 1);
        var folder = Directory.CreateDirectory(root.Folder("demo")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "requirements.txt"), "Humanizer.Core==2.14.1\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "hello.cs"), Hello);
        await WaitForGreetingAsync(host, "Hello, Ada Lovelace!");

        await File.WriteAllTextAsync(Path.Combine(folder, "hello.cs"), Hello.Replace("Hello,", "Welcome,", StringComparison.Ordinal));
        await WaitForGreetingAsync(host, "Welcome, Ada Lovelace!");
        Assert.Equal(2, (await host.ProjectAsync("demo")).GetProperty("version").GetInt32());

        await File.WriteAllTextAsync(Path.Combine(folder, "hello.cs"), Hello.Replace("new($", "nw($", StringComparison.Ordinal));
        await host.WaitForErrorAsync("demo", "hello.cs:6:9: CS", BuildSeconds);
        Assert.Equal("Welcome, Ada Lovelace!", (await host.InvokeAsync("demo", "hello", "\"ada lovelace\"")).Result.GetString());
        Assert.Equal("running", (await host.ProjectAsync("demo")).GetProperty("status").GetString());
        await load.AssertNoFailureAsync();
    }

    [SkippableFact]
    public async Task Folder_RemovedWithACallInFlight_IsDrainedAndComesBackAsItWas()
    {
        using var root = new ContentRoot().With("hello", "hello").WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root);
        await using var load = new BackgroundLoad(host, "hello", 1);
        await host.WaitForVersionAsync("shop", 1);
        var call = host.InvokeAsync("shop", "hold", "\"a\"");
        await root.WaitForMarkerAsync("shop", "a.started");

        Directory.Delete(root.Folder("shop"), recursive: true);
        await Eventually.BecomesAsync(
            async () => (await host.InvokeAsync("shop", "version")).Status == HttpStatusCode.NotFound,
            TimeSpan.FromSeconds(30), () => Task.FromResult($"The project is still there. {host.Output}"));
        Assert.False(call.IsCompleted, "The call has ended though nobody released it.");
        root.Release("shop", "a");
        Assert.Equal(1, (await call).Result.GetInt32());
        (await host.SendAsync(HttpMethod.Get, "/api/v1/projects/shop")).AssertError(HttpStatusCode.NotFound, "PROJECT_NOT_FOUND");

        ShopProject.Write(root.Folder("shop"), ShopProject.Version(1));
        await host.WaitForVersionAsync("shop", 1);
        Assert.Equal([1], (await host.VersionsAsync("shop")).Select(version => version.GetProperty("version").GetInt32()));
        await load.AssertNoFailureAsync();
    }

    [SkippableFact]
    public async Task Folder_CopiedSlowly_IsOneDeployOfTheWhole()
    {
        using var root = new ContentRoot().WithShop("other", 1);
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("other", 1);

        // Into a folder of an ordinary name, piece by piece; the pieces are of a size that takes some twenty of them.
        var folder = Directory.CreateDirectory(root.Folder("shop")).FullName;
        foreach (var (name, content) in ShopProject.Version(1).OrderByDescending(file => file.Key))
        {
            await using var file = File.Create(Path.Combine(folder, name));
            foreach (var piece in content.Chunk(1000))
            {
                await file.WriteAsync(piece);
                await file.FlushAsync();
                await Task.Delay(100);
            }
        }

        await host.WaitForVersionAsync("shop", 1);
        Assert.Equal([1], (await host.VersionsAsync("shop")).Select(version => version.GetProperty("version").GetInt32()));
        Assert.Null((await host.ProjectAsync("shop")).GetProperty("last_error").GetString());
        Assert.Equal(0, host.Output.Count("Project shop cannot start"));
        Assert.Equal(1, host.Output.Count("is ready with shop"));
    }

    [SkippableFact]
    public async Task Folder_ChangedToWhatDoesNotLoad_KeepsTheOldVersionUntilItIsMended()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);

        ShopProject.Write(
            root.Folder("shop"), ShopProject.Files(CompiledProject.Function("One", "same") + CompiledProject.Function("Two", "same"), 2));
        await host.WaitForErrorAsync("shop", "same");
        Assert.Equal(1, await host.VersionAsync("shop"));

        ShopProject.Write(root.Folder("shop"), ShopProject.Version(3));
        await host.WaitForVersionAsync("shop", 3);
        Assert.Null((await host.ProjectAsync("shop")).GetProperty("last_error").GetString());
    }

    [SkippableFact]
    public async Task Env_Edited_SwapsTheWorkersWithoutANewVersionUnlessItIsBroken()
    {
        using var root = new ContentRoot().WithShop("shop", 1, "GREETING=Hello");
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);
        var env = Path.Combine(root.Folder("shop"), ".env");

        await File.WriteAllTextAsync(env, "GREETING=Welcome\n");
        await WaitForVariableAsync(host, "Welcome");
        Assert.Equal([1], (await host.VersionsAsync("shop")).Select(version => version.GetProperty("version").GetInt32()));

        var worker = (await host.InvokeAsync("shop", "pid")).Result.GetInt32();
        await File.WriteAllTextAsync(env, "GREETING=Good day\nsecret value without an equals sign\n");
        await host.WaitForErrorAsync("shop", ".env:2");
        Assert.DoesNotContain("secret value", (await host.ProjectAsync("shop")).ToString(), StringComparison.Ordinal);
        Assert.Equal(worker, (await host.InvokeAsync("shop", "pid")).Result.GetInt32());

        await File.WriteAllTextAsync(env, "GREETING=Good day\n");
        await WaitForVariableAsync(host, "Good day");
        Assert.Null((await host.ProjectAsync("shop")).GetProperty("last_error").GetString());
    }

    [SkippableFact]
    public async Task WatchProjectsFalse_ChangesAreDeployedOnlyWhenAsked()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root, ("WATCH_PROJECTS", "false"));
        await host.WaitForVersionAsync("shop", 1);

        ShopProject.Write(root.Folder("shop"), ShopProject.Version(2));
        ShopProject.Write(root.Folder("later"), ShopProject.Version(1));

        // Longer than any watch waits for a folder that somebody changed.
        await Eventually.HoldsAsync(() => host.Output.Find("Project later was found") is null, TimeSpan.FromSeconds(3), host.Output.ToString);
        Assert.Equal(1, await host.VersionAsync("shop"));
        Assert.Equal(2, (await host.DeployAsync("shop")).Ok.GetProperty("version").GetInt32());
        Assert.Equal(2, await host.VersionAsync("shop"));
    }

    private static async Task WaitForGreetingAsync(HostProcess host, string greeting)
    {
        Answer? last = null;
        await Eventually.BecomesAsync(
            async () => (last = await host.InvokeAsync("demo", "hello", "\"ada lovelace\"")) is { Status: HttpStatusCode.OK } answer
                && answer.Result.GetString() == greeting,
            TimeSpan.FromSeconds(BuildSeconds),
            () => Task.FromResult($"It does not come to say '{greeting}', but {last}. {host.Output}"));
    }

    private static async Task WaitForVariableAsync(HostProcess host, string value)
    {
        Answer? last = null;
        await Eventually.BecomesAsync(
            async () => (last = await host.InvokeAsync("shop", "env", JsonSerializer.Serialize("GREETING"))).Result.GetString() == value,
            TimeSpan.FromSeconds(30),
            () => Task.FromResult($"Its workers do not come to have '{value}', but {last}. {host.Output}"));
    }
}

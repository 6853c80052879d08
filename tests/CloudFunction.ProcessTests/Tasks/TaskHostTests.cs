using System.Collections.Concurrent;
using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Tasks;

/// <summary>Tasks and a host that is asked to stop, or that may not start.</summary>
public sealed class TaskHostTests
{
    [SkippableFact]
    public async Task Stop_WithTasksStoredQueuedAndRunning_EndsWellAndTheNextHostCompletesThemWithTheCutAttemptsUncounted()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        (string, string)[] settings = [("MAX_CONCURRENT", "8"), ("TIMEOUT_GRACEFUL_SHUTDOWN", "1s")];
        var accepted = new ConcurrentBag<string>();
        var cut = new List<string>();
        await using (var host = await HostProcess.StartAsync(root, settings))
        {
            for (var number = 0; number < 4; number++)
            {
                cut.Add(await host.EnqueueAsync("note", $$"""{"id":"cut-{{number}}","milliseconds":60000}""", "&max_attempts=1"));
                await WorkNote.WaitForStartAsync(root, $"cut-{number}");
            }

            var clients = Enumerable.Range(0, 8).Select(client => Task.Run(() => EnqueueUntilRefusedAsync(host, client, accepted))).ToArray();
            await Eventually.BecomesAsync(
                () => accepted.Count > 300, TimeSpan.FromSeconds(30), () => $"{accepted.Count} were accepted. {host.Output}");
            UnixProcess.Signal(host.Pid, UnixProcess.SigTerm);
            await host.AssertEndsWellAsync();
            await Task.WhenAll(clients);
        }

        await using var next = await HostProcess.StartAsync(root, settings);
        foreach (var id in cut)
        {
            var task = await next.WaitForTaskAsync(id, "completed", 60);
            Assert.Equal(2, task.Outcomes().Count);
            Assert.True(task.Outcomes()[0] is "cancelled" or "rejected", $"{task}");
        }

        foreach (var id in accepted)
        {
            await next.WaitForTaskAsync(id, "completed", 60);
        }
    }

    [SkippableFact]
    public async Task Start_AnotherHostHasTheDataDirectory_RefusesAndTheFirstOnesTasksGoOn()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        using var other = new ContentRoot().With("faulty", "faulty");
        await using var first = await HostProcess.StartAsync(root);
        var before = await first.EnqueueAsync("note", """{"id":"before","milliseconds":0}""", "&delay=1");

        await using var second = HostProcess.Launch(other, ("DATA_DIR", root.DataDirectory));

        Assert.NotEqual(0, await second.WaitForExitAsync());
        Assert.Contains(root.DataDirectory, second.Output.Text);
        Assert.Contains("another", second.Output.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["succeeded"], (await first.WaitForTaskAsync(before, "completed")).Outcomes());
        await first.WaitForTaskAsync(await first.EnqueueAsync("note", """{"id":"after","milliseconds":0}"""), "completed");
    }

    [SkippableFact]
    public async Task Start_StoreIsNoDatabase_RefusesSaysWhatToDoAndLeavesTheFileAsItIs()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using (var host = await HostProcess.StartAsync(root))
        {
            await host.WaitForTaskAsync(await host.EnqueueAsync("note", """{"id":"a","milliseconds":0}"""), "completed");
            await host.StopAsync();
        }

        var folder = Path.Combine(root.DataDirectory, "tasks");
        var file = Path.Combine(folder, "tasks.db");
        var content = await File.ReadAllBytesAsync(file);
        content.AsSpan(0, 64).Fill((byte)'?'); // The header, which says what kind of file it is.
        await File.WriteAllBytesAsync(file, content);
        var written = File.GetLastWriteTimeUtc(file);
        var files = Directory.GetFiles(folder);

        await using var next = HostProcess.Launch(root);

        Assert.NotEqual(0, await next.WaitForExitAsync());
        var line = next.Output.Text.Split('\n')
            .FirstOrDefault(text => text.StartsWith($"The task store '{file}' is corrupt", StringComparison.Ordinal));
        Assert.True(line is not null, next.Output.ToString()); // For whoever runs the host, beside what the log has.
        Assert.Contains("Put a backup in its place", line);
        Assert.Equal(content, await File.ReadAllBytesAsync(file));
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
        Assert.Equal(files, Directory.GetFiles(folder));
        Assert.Empty(root.RecordedWorkers);
    }

    private static async Task EnqueueUntilRefusedAsync(HostProcess host, int client, ConcurrentBag<string> accepted)
    {
        for (var number = 0; ; number++)
        {
            try
            {
                var answer = await host.InvokeAsync("faulty", "note", $$"""{"id":"{{client}}-{{number}}","milliseconds":0}""", "?mode=async");
                if (answer.Status != HttpStatusCode.Accepted)
                {
                    return;
                }

                accepted.Add(answer.Json.GetProperty("task_id").GetString()!);
            }
            catch (HttpRequestException)
            {
                return; // It does not listen any more.
            }
        }
    }
}

using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Projects;

/// <summary>Projects that do not load, beside one that does.</summary>
public sealed class FailedProjectTests
{
    // The supervisor's own words for a worker's process that has come up.
    private const string WorkerUp = "Starting to Standby";

    private static readonly (string, string) ShowStates = ("LOG_LEVEL", "debug");

    [SkippableFact]
    public async Task Start_ProjectsThatDoNotLoad_AreFailedWithTheReasonAndNotTriedAgain()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("good", "hello").With("throws", "faulty", "FAIL_STARTUP=The shop is closed.");
        CompiledProject.Add(root, "empty", "public sealed class Nothing;");
        CompiledProject.Add(root, "twins", CompiledProject.Function("One", "same") + CompiledProject.Function("Two", "same"));
        var library = CompiledProject.Compile(
            "Lost", "namespace Lost { public static class Here { public static string Text => \"here\"; } public class Base; }");
        CompiledProject.Add(
            root, "lacking", CompiledProject.Function("Uses", "uses", "Lost.Here.Text") + " public sealed class Derived : Lost.Base;", library);
        CompiledProject.Add(root, "broken", CompiledProject.Function("Fine", "fine"));
        await File.WriteAllBytesAsync(Path.Combine(root.ProjectsDirectory, "broken", "Shop.dll"), new byte[5000]);
        (string Project, string Reason)[] bad =
        [
            ("throws", "The shop is closed."), ("empty", "function"), ("twins", "same"), ("lacking", "Lost"), ("broken", "Shop"),
        ];

        await using var host = await HostProcess.StartAsync(root, ShowStates);

        Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("good", "greet")).Status);
        foreach (var (project, reason) in bad)
        {
            var data = await host.WaitForStatusAsync(project, "failed");
            Assert.Contains(reason, data.GetProperty("last_error").GetString());
            var answer = await host.InvokeAsync(project, "any");
            answer.AssertError(HttpStatusCode.ServiceUnavailable, "NOT_SERVING");
            Assert.Contains(reason, answer.Json.GetProperty("details").GetProperty("cause").GetString());
            Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero, "There is no Retry-After.");
        }

        // One for each of the six that were tried, and the standby.
        await Eventually.BecomesAsync(
            () => root.RecordedWorkers.Count == 2, TimeSpan.FromSeconds(15), () => $"{root.RecordedWorkers.Count} workers. {host.Output}");
        Assert.InRange(host.Output.Count(WorkerUp), 2, 7);
        var started = host.Output.Count(WorkerUp);
        await Eventually.HoldsAsync(
            () => host.Output.Count(WorkerUp) <= started + 1, TimeSpan.FromSeconds(2), () => $"Workers go on being started. {host.Output}");
        Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("good", "greet")).Status);
    }

    [SkippableFact]
    public async Task Start_ProjectHangs_IsFailedAfterTimeoutNotify()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("good", "hello").With("hangs", "faulty", "HANG_STARTUP=1");
        await using var host = await HostProcess.StartAsync(root, ("TIMEOUT_NOTIFY", "3s"));

        Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("good", "greet")).Status);
        var waiting = await host.InvokeAsync("hangs", "pid");
        var data = await host.WaitForStatusAsync("hangs", "failed", 10);

        waiting.AssertError(HttpStatusCode.ServiceUnavailable, "NOT_SERVING");
        Assert.Contains("TIMEOUT_NOTIFY", data.GetProperty("last_error").GetString());
        await Eventually.BecomesAsync(
            () => root.RecordedWorkers.Count == 2, TimeSpan.FromSeconds(15), () => $"The worker that hangs is still there. {host.Output}");
    }

    [SkippableFact]
    public async Task Restart_ProjectWasMended_Serves()
    {
        using var root = new ContentRoot().With("shop", "faulty", "FAIL_STARTUP=The shop is closed.");
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForStatusAsync("shop", "failed");

        Assert.Contains(
            "The shop is closed.", (await host.ActAsync("shop", "restart")).AssertError(HttpStatusCode.UnprocessableEntity, "INVALID_PARAMETERS"));
        File.Delete(Path.Combine(root.ProjectsDirectory, "shop", ".env"));
        Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("shop", "restart")).Status);

        await host.WorkerOfAsync("shop");
        Assert.Null((await host.ProjectAsync("shop")).GetProperty("last_error").GetString());
    }

    // Five workers, each lost twice: of the waits that grow with the losses, which tests in fake time measure, that takes only the first few.
    [SkippableFact]
    public async Task Crash_TenTimes_MakesTheProjectUnhealthyUntilItIsRestarted()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("WORKERS", "5"), ("STANDBY_WORKERS", "0"));
        await Eventually.BecomesAsync(
            () => host.Output.Count("is ready with faulty") == 5, TimeSpan.FromSeconds(30), () => $"They do not all become ready. {host.Output}");

        Answer answer;
        var calls = 0;
        while ((answer = await host.InvokeAsync("faulty", "exit", "7")).Status == HttpStatusCode.BadGateway)
        {
            Assert.True(++calls <= 12, $"It never becomes unhealthy. {host.Output}"); // The tenth exit may not be known before the next call.
        }

        answer.AssertError(HttpStatusCode.ServiceUnavailable, "NOT_SERVING");
        Assert.Contains("exited with code 7", answer.Json.GetProperty("details").GetProperty("cause").GetString());
        var data = await host.ProjectAsync("faulty");
        Assert.Equal("unhealthy", data.GetProperty("status").GetString());
        Assert.Contains("exited with code 7", data.GetProperty("last_error").GetString());

        Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("faulty", "restart")).Status);
        await host.WorkerOfAsync("faulty");
        Assert.Equal("running", (await host.ProjectAsync("faulty")).GetProperty("status").GetString());
    }
}

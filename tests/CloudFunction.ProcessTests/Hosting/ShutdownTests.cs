using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Hosting;

/// <summary>A host that is asked to stop, by a service manager or by Ctrl+C.</summary>
public sealed class ShutdownTests
{
    [SkippableTheory]
    [InlineData(UnixProcess.SigTerm, false)]
    [InlineData(UnixProcess.SigInt, true)]
    public async Task Stop_UnderLoadOnKeepAliveConnections_AnswersEveryRequestThatItRead(int signal, bool toTheGroup)
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty").With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root, ("MAX_CONCURRENT", "8"));
        var answers = new ConcurrentBag<string>();
        await AskAsync(host, answers, "hello", "greet", "{}");
        await AskAsync(host, answers, "faulty", "pid", "{}");

        // Some are quick, so that their connections are often between two requests; some wait, in a worker or for a place in it.
        var clients = Enumerable.Range(0, 32).Select(client => Task.Run(async () =>
        {
            for (var number = 0; ; number++)
            {
                try
                {
                    if (client % 2 == 0)
                    {
                        await AskAsync(host, answers, "hello", "greet", """{"name":"Ada"}""");
                    }
                    else
                    {
                        await AskAsync(host, answers, "faulty", "wait", $$"""{"id":"{{client}}-{{number}}","milliseconds":50}""");
                    }
                }
                catch (HttpRequestException)
                {
                    return; // Refused, or its connection was closed before the host read the request: the counters tell.
                }
            }
        })).ToArray();
        await Eventually.BecomesAsync(() => answers.Count > 300, TimeSpan.FromSeconds(30), () => $"{answers.Count} answers. {host.Output}");
        var workers = root.RecordedWorkers;
        Assert.NotEmpty(workers);

        if (toTheGroup)
        {
            UnixProcess.SignalGroup(host.Pid, signal);
        }
        else
        {
            UnixProcess.Signal(host.Pid, signal);
        }

        await host.AssertEndsWellAsync();
        await Task.WhenAll(clients);
        var counters = (await File.ReadAllTextAsync(Path.Combine(root.Root, "counters"))).Split(' ');
        var read = int.Parse(counters[0], CultureInfo.InvariantCulture);
        Assert.Equal(counters[0], counters[1]);
        Assert.Equal(read, answers.Count);
        Assert.All(answers, a => Assert.Equal("200", a));
        Assert.DoesNotContain(workers, UnixProcess.IsAlive);
        Assert.Empty(root.RecordedWorkers);
        Assert.Null(root.SocketDirectory);
    }

    [SkippableFact]
    public async Task Stop_CallTakesLongerThanItMay_Gets503AndTheHostEndsWell()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("TIMEOUT_GRACEFUL_SHUTDOWN", "1s"));
        var call = host.InvokeAsync("faulty", "wait", """{"id":"a","milliseconds":60000}""");
        var stuck = host.InvokeAsync("faulty", "spin");
        var worker = await root.WaitForNumberAsync("faulty", "a.started");
        await root.WaitForMarkerAsync("faulty", "spin.started");

        UnixProcess.Signal(host.Pid, UnixProcess.SigTerm);

        foreach (var answer in await Task.WhenAll(call, stuck))
        {
            answer.AssertError(HttpStatusCode.ServiceUnavailable, "OVERLOADED");
            Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero, "There is no Retry-After.");
        }

        // It was answered, and its function still has the time to clean up.
        await root.WaitForMarkerAsync("faulty", "a.cleaned", 5);
        await host.AssertEndsWellAsync();
        Assert.False(UnixProcess.IsAlive(worker), "A worker outlived its host.");
    }

    private static async Task AskAsync(HostProcess host, ConcurrentBag<string> answers, string project, string function, string payload)
    {
        var answer = await host.InvokeAsync(project, function, payload);
        answers.Add($"{(int)answer.Status}" + (answer.Status == HttpStatusCode.OK ? "" : $" {answer.Text}"));
    }
}

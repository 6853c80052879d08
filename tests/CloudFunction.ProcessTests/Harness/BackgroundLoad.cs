using System.Net;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>Calls a project over and over, one call after the other on each connection, until told to stop.</summary>
internal sealed class BackgroundLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<string> _failures = [];
    private readonly Task[] _callers;
    private int _calls;

    /// <param name="host">Which host.</param>
    /// <param name="project">A project made of <c>hello</c>.</param>
    /// <param name="callers">How many at once.</param>
    public BackgroundLoad(HostProcess host, string project, int callers)
    {
        _callers = [.. Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(host, project, caller)))];
    }

    /// <summary>How many calls have been answered.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Waits until so many more calls have been answered.</summary>
    public Task AfterCallsAsync(int more)
    {
        var until = Calls + more;
        return Eventually.BecomesAsync(() => Calls >= until, TimeSpan.FromSeconds(30), () => $"{Calls} of {until} calls were answered. {Failures()}");
    }

    /// <summary>Stops and checks that there were calls, and that all were answered as they should.</summary>
    public async Task AssertNoFailureAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_callers);
        Assert.True(_failures.Count == 0, Failures());
        Assert.NotEqual(0, Calls);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_callers);
        _stopping.Dispose();
    }

    private async Task CallAsync(HostProcess host, string project, int caller)
    {
        for (var number = 0; !_stopping.IsCancellationRequested; number++)
        {
            var name = $"{caller}-{number}";
            string? failure = null;
            try
            {
                var answer = await host.InvokeAsync(project, "greet", $$"""{"name":"{{name}}"}""");
                if (answer.Status != HttpStatusCode.OK || !answer.Text.Contains($"Hello, {name}!", StringComparison.Ordinal))
                {
                    failure = $"{name}: {(int)answer.Status} {answer.Text}";
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                failure = $"{name}: {e}";
            }

            Interlocked.Increment(ref _calls);
            if (failure is not null)
            {
                lock (_failures)
                {
                    _failures.Add(failure);
                }
            }

            // Light: it is to notice trouble, not to make it.
            await Task.Delay(5);
        }
    }

    private string Failures()
    {
        lock (_failures)
        {
            return $"{_failures.Count} of {Calls} calls failed:\n{string.Join('\n', _failures.Take(10))}";
        }
    }
}

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
        : this(callers, name => GreetAsync(host, project, name))
    {
    }

    /// <param name="callers">How many at once.</param>
    /// <param name="call">Makes one call, which has a name of its own, and says what was wrong with the answer, or null.</param>
    public BackgroundLoad(int callers, Func<string, Task<string?>> call)
    {
        _callers = [.. Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(call, caller)))];
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

    private static async Task<string?> GreetAsync(HostProcess host, string project, string name)
    {
        var answer = await host.InvokeAsync(project, "greet", $$"""{"name":"{{name}}"}""");
        return answer.Status == HttpStatusCode.OK && answer.Text.Contains($"Hello, {name}!", StringComparison.Ordinal) ? null : answer.ToString();
    }

    private async Task CallAsync(Func<string, Task<string?>> call, int caller)
    {
        for (var number = 0; !_stopping.IsCancellationRequested; number++)
        {
            var name = $"{caller}-{number}";
            string? failure = null;
            try
            {
                failure = await call(name);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                failure = e.ToString();
            }

            Interlocked.Increment(ref _calls);
            if (failure is not null)
            {
                lock (_failures)
                {
                    _failures.Add($"{name}: {failure}");
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

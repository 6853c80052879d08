namespace CloudFunction.Llm.Tests;

/// <summary>Waits with a bound for what another thread does.</summary>
internal static class TestWait
{
    public static async Task UntilAsync(Func<bool> condition, Func<string> state)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"Still not so after 30 s: {state()}");
            await timer.WaitForNextTickAsync();
        }
    }
}

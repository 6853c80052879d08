using System.Diagnostics;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>Waits with a bound for what happens in other processes.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="timeout">How long at most.</param>
    /// <param name="describe">What to say of the state where it never does.</param>
    /// <returns>How long it took.</returns>
    public static Task<TimeSpan> BecomesAsync(Func<bool> condition, TimeSpan timeout, Func<string> describe) =>
        BecomesAsync(() => Task.FromResult(condition()), timeout, () => Task.FromResult(describe()));

    /// <inheritdoc cref="BecomesAsync(Func{bool}, TimeSpan, Func{string})"/>
    public static async Task<TimeSpan> BecomesAsync(Func<Task<bool>> condition, TimeSpan timeout, Func<Task<string>> describe)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > timeout)
            {
                Assert.Fail($"Not within {timeout.TotalSeconds:0.#} s. {await describe()}");
            }

            await Task.Delay(Interval);
        }

        return watch.Elapsed;
    }

    /// <summary>Checks that a condition holds for a while, where what is tested is that something does not happen.</summary>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="duration">How long it must hold.</param>
    /// <param name="describe">What to say of the state where it ceases to.</param>
    public static async Task HoldsAsync(Func<bool> condition, TimeSpan duration, Func<string> describe)
    {
        var watch = Stopwatch.StartNew();
        do
        {
            if (!condition())
            {
                Assert.Fail($"After {watch.Elapsed.TotalSeconds:0.#} s: {describe()}");
            }

            await Task.Delay(Interval);
        }
        while (watch.Elapsed < duration);
    }
}

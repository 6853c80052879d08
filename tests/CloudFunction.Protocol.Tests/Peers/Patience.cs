namespace CloudFunction.Protocol.Tests.Peers;

/// <summary>Waits with a bound that only a defect reaches, and then says how things stood.</summary>
internal static class Patience
{
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    public static void Until(Func<bool> condition, Func<string> state) =>
        Assert.True(SpinWait.SpinUntil(condition, Bound), $"It did not happen within {Bound.TotalSeconds} s: {state()}");

    public static async Task<T> Soon<T>(this Task<T> task, string what)
    {
        await ((Task)task).Soon(what);
        return await task;
    }

    public static async Task Soon(this Task task, string what)
    {
        Assert.True(await Task.WhenAny(task, Task.Delay(Bound)) == task, $"It did not end within {Bound.TotalSeconds} s: {what} ({task.Status})");
        await task;
    }
}

namespace CloudFunction.Worker.Functions.Output;

/// <summary>Puts itself in the place of the process's standard streams, as far as managed code goes. What writes to them by other ways
/// (native code, <see cref="Console.OpenStandardOutput()"/>) is drained by the host as it is.</summary>
/// <param name="send">Takes each line: whether it is standard error's, and whose it is.</param>
internal sealed class ConsoleCapture(Action<bool, string, InvocationContext?> send)
{
    private readonly ConsoleLines _outside = new(invocation: null);

    /// <summary>Replaces <see cref="Console.Out"/> and <see cref="Console.Error"/>; <see cref="Console.In"/> is empty from now on.</summary>
    public void Install()
    {
        Console.SetOut(new ConsoleWriter(isError: false, _outside, send));
        Console.SetError(new ConsoleWriter(isError: true, _outside, send));
        Console.SetIn(TextReader.Null);
    }

    /// <summary>The process is about to end: sends what was written outside of any invocation, and by the one that calls this, and has no end
    /// of line yet.</summary>
    public void End()
    {
        InvocationScope.Current?.EndConsole();
        _outside.End();
    }
}

namespace CloudFunction.Worker.Functions.Output;

/// <summary>What one invocation, or the project outside of any, writes to standard output and error. Thread safe.</summary>
/// <param name="invocation">Whose lines they are; null outside of any.</param>
internal sealed class ConsoleLines(InvocationContext? invocation)
{
    private ConsoleLine? _output;
    private ConsoleLine? _error;
    private int _ended;

    /// <summary>The line that is being written to a stream.</summary>
    public ConsoleLine Of(ConsoleWriter writer)
    {
        ref var slot = ref writer.IsError ? ref _error : ref _output;
        var line = Volatile.Read(ref slot);
        if (line is null)
        {
            var made = new ConsoleLine(text => writer.Send(text, invocation));
            line = Interlocked.CompareExchange(ref slot, made, null) ?? made;
            if (Volatile.Read(ref _ended) != 0)
            {
                line.End(); // The end may have come before there was this line.
            }
        }

        return line;
    }

    /// <summary>Sends lines that have no end yet, and from now on all that comes at once.</summary>
    public void End()
    {
        Interlocked.Exchange(ref _ended, 1);
        Volatile.Read(ref _output)?.End();
        Volatile.Read(ref _error)?.End();
    }
}

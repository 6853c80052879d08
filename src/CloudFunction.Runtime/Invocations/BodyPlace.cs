namespace CloudFunction.Runtime.Invocations;

/// <summary>A place among the calls of a project whose bodies are still coming, given back once.</summary>
internal sealed class BodyPlace(ConcurrencyGate gate)
{
    private int _ended;

    /// <summary>The body has come, or is no longer wanted.</summary>
    public void Exit()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            gate.Exit();
        }
    }
}

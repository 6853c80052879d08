using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Invocations;

/// <summary>A function of a live deployment, as calls meet it.</summary>
/// <param name="Number">Its number in invoke frames.</param>
/// <param name="Name">Its name.</param>
/// <param name="Timeout">How long one invocation may take.</param>
/// <param name="ProjectGate">The project's places.</param>
/// <param name="FunctionGate">The function's own places, over all versions; null for no limit of its own.</param>
/// <param name="Recorder">Where its calls are recorded.</param>
internal sealed record FunctionTarget(
    int Number,
    string Name,
    TimeSpan Timeout,
    ConcurrencyGate ProjectGate,
    ConcurrencyGate? FunctionGate,
    ICallRecorder Recorder)
{
    /// <summary>Of the function's own places, those for calls whose bodies are still coming while it runs; null for no limit of its own.</summary>
    public ConcurrencyGate? BodyGate { get; init; }

    /// <summary>How many attempts a task of it gets; null for the host's default.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>How it is called.</summary>
    public FunctionKind Kind { get; init; }

    /// <summary>Takes the places of a call at once, where there are: the function's own, then the project's.</summary>
    public bool TryEnter()
    {
        if (FunctionGate is { } gate && !gate.TryEnter())
        {
            return false;
        }

        if (ProjectGate.TryEnter())
        {
            return true;
        }

        FunctionGate?.Exit();
        return false;
    }

    /// <summary>Likewise; where a place is missing, asks to be notified.</summary>
    /// <param name="onRoom">See <see cref="ConcurrencyGate.TryEnter(Action)"/>.</param>
    public bool TryEnter(Action onRoom)
    {
        if (FunctionGate is { } gate && !gate.TryEnter(onRoom))
        {
            return false;
        }

        if (ProjectGate.TryEnter(onRoom))
        {
            return true;
        }

        FunctionGate?.Exit();
        return false;
    }

    /// <summary>The worker has ended the invocation, or is lost: its places are free.</summary>
    public void Exit()
    {
        ProjectGate.Exit();
        FunctionGate?.Exit();
    }
}

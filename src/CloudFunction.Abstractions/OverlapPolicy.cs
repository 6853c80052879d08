namespace CloudFunction;

/// <summary>What is done when a run is due and the one before has not ended.</summary>
public enum OverlapPolicy
{
    /// <summary>The new one is left out.</summary>
    Skip = 0,

    /// <summary>The new one waits until the one before has ended.</summary>
    Queue = 1,

    /// <summary>The one before is cancelled, and the new one starts once it has ended.</summary>
    Replace = 2,
}

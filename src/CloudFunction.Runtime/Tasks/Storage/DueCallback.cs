using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>A callback that waits, or is claimed. Its turn is when it is due, and a number that no other has, for those due at once.</summary>
internal sealed record DueCallback(Callback Callback, DueReceiver Receiver, (TimeSpan DueAt, long Sequence) Turn)
{
    /// <summary>Who has claimed it.</summary>
    public Guid Owner { get; set; }

    /// <summary>Whether it was claimed when its receiver was failing, and has a place of those.</summary>
    public bool IsAmongFailing { get; set; }
}

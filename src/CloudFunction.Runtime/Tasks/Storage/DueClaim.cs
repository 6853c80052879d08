namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>A task that is claimed.</summary>
/// <param name="Function">Whose task it is.</param>
/// <param name="Owner">Who has claimed it.</param>
/// <param name="IsStarted">Whether an attempt has started by this claim.</param>
internal readonly record struct DueClaim(DueFunction Function, Guid Owner, bool IsStarted);

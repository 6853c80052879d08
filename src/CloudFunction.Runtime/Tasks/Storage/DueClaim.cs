namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>Who has claimed a task, and whether an attempt has started by this claim.</summary>
internal readonly record struct DueClaim(DueFunction Function, Guid Owner, bool IsStarted);

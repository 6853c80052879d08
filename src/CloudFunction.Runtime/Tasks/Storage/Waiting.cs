namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>A task that waits for an attempt.</summary>
internal readonly record struct Waiting(string Project, string Function, TaskId Id, TimeSpan Delay);

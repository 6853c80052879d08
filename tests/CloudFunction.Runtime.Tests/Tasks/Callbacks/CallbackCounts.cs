namespace CloudFunction.Runtime.Tests.Tasks.Callbacks;

/// <summary>How many callbacks stand where.</summary>
internal readonly record struct CallbackCounts(long Waiting, long Delivered, long Gone, long Failed);

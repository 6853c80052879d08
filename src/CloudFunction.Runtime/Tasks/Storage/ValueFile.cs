namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>A file beside the store with one large value, whose row is to be committed. The id is its name.</summary>
internal sealed record ValueFile(long Id, long Length);

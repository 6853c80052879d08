namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>A file beside the store with one large value, whose row is to be committed.</summary>
/// <param name="Id">Its number, which is its name.</param>
/// <param name="Length">How many bytes it has.</param>
internal sealed record ValueFile(long Id, long Length);

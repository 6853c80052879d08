namespace CloudFunction.AspNetCore.Endpoints.Invoke;

/// <summary>A part of a result that its client has yet to take: a pooled array, or a place in the result's file.</summary>
/// <param name="Array">The array; null where it is in the file.</param>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">How many bytes it has.</param>
internal readonly record struct ResultPart(byte[]? Array, long Offset, int Length)
{
    /// <summary>Whether it takes room that is counted for its project.</summary>
    public bool IsCounted { get; init; }
}

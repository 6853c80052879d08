namespace CloudFunction.Worker.Loading;

/// <summary>A class that implements a function interface and is no function all the same.</summary>
/// <param name="Type">The class's full name.</param>
/// <param name="Reason">Why, with what would make it one.</param>
internal sealed record SkippedClass(string Type, string Reason);

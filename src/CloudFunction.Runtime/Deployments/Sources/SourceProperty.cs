namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>A build property that a C# file sets.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Where">File and line, for messages.</param>
internal sealed record SourceProperty(string Name, string Value, string Where);

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>A build property that a C# file sets.</summary>
internal sealed record SourceProperty(string Name, string Value, string Where);

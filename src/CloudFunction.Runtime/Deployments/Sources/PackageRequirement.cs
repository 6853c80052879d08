namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>A package that a project asks for.</summary>
/// <param name="Name">The package's id, as written.</param>
/// <param name="Text">As a line of <c>requirements.txt</c> has it: <c>Name>=1.2,&lt;2</c>.</param>
/// <param name="Range">The versions that will do, as NuGet writes them
/// (https://learn.microsoft.com/nuget/concepts/package-versioning#version-ranges); <c>*</c> is the newest release.</param>
/// <param name="Where">File and line, for messages.</param>
internal sealed record PackageRequirement(string Name, string Text, string Range, string Where);

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>What a project's folder holds.</summary>
internal enum SourceKind
{
    /// <summary>A published function project: its <c>.dll</c> and <c>.deps.json</c>.</summary>
    Assemblies,

    /// <summary>A project of the .NET SDK's.</summary>
    Project,

    /// <summary>C# files alone.</summary>
    Files,
}

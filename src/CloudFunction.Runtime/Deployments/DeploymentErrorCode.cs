namespace CloudFunction.Runtime.Deployments;

/// <summary>What kind of fault keeps a folder from being deployed.</summary>
internal enum DeploymentErrorCode
{
    /// <summary>The folder is no deployment, or cannot be read as one.</summary>
    Invalid,

    /// <summary>It needs something that is not there: an assembly, a newer runtime, a newer CloudFunction.Abstractions.</summary>
    DependencyError,
}

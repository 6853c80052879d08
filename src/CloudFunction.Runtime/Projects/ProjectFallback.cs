namespace CloudFunction.Runtime.Projects;

/// <summary>Whether what is live gets new workers at once where a deployment of the folder fails; until then calls go on waiting.</summary>
internal enum ProjectFallback
{
    /// <summary>No: what runs goes on as it is.</summary>
    None,

    /// <summary>Where the deployment is refused; what fails for other reasons may be tried again.</summary>
    OnRefusal,

    /// <summary>Whatever makes it fail.</summary>
    OnFailure,
}

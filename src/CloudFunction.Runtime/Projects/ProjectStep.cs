namespace CloudFunction.Runtime.Projects;

/// <summary>What is done with a project.</summary>
internal enum ProjectStep
{
    /// <summary>Nothing: it is what it should be.</summary>
    None,

    /// <summary>What was wrong last is wrong no longer; nothing else.</summary>
    ClearError,

    /// <summary>Only its folder is changed.</summary>
    ChangeFolder,

    /// <summary>What is live gets new workers.</summary>
    RunLive,

    /// <summary>The wanted versions become live.</summary>
    RunVersions,

    /// <summary>The content of a folder becomes live.</summary>
    Deploy,
}

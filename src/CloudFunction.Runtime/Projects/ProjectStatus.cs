namespace CloudFunction.Runtime.Projects;

/// <summary>What a project can do at this moment.</summary>
internal enum ProjectStatus
{
    /// <summary>Staging or loading; calls wait.</summary>
    Starting,

    /// <summary>Serves, or is asleep and will at the next call.</summary>
    Running,

    /// <summary>Stopped by an operator.</summary>
    Stopped,

    /// <summary>Its workers crashed too often.</summary>
    Unhealthy,

    /// <summary>It has no deployment that loads.</summary>
    Failed,
}

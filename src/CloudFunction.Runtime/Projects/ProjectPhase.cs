namespace CloudFunction.Runtime.Projects;

/// <summary>What was last done with a project.</summary>
internal enum ProjectPhase
{
    Starting,
    Serving,
    Stopped,
    Failed,
}

namespace CloudFunction.Runtime.Configuration;

/// <summary>What stands between a project and the host.</summary>
public enum WorkerIsolation
{
    /// <summary>A process: each project runs in worker processes of its own.</summary>
    Process = 0,

    /// <summary>Nothing, for a debugger's sake: each project runs in the host's own process, in a load context of its own. What ends,
    /// blocks or fills the process takes the host with it.</summary>
    None = 1,
}

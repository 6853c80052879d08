namespace CloudFunction.Runtime.Deployments;

/// <summary>The folder of the worker that ships with the host.</summary>
internal static class WorkerFolder
{
    /// <summary>Beside the host's own assemblies.</summary>
    public static string Default => Path.Combine(AppContext.BaseDirectory, "worker");
}

using System.Reflection;

namespace CloudFunction.Worker.Session;

/// <summary>Where the bootstrap hands over to the core.</summary>
internal static class WorkerProgram
{
    /// <summary>Runs the worker until its host lets go of it.</summary>
    /// <param name="socketPath">The host's socket.</param>
    /// <param name="workerId">Which worker this is, in the host's words.</param>
    /// <param name="secret">What the first frame has to show.</param>
    /// <param name="loadEntry">Loads a deployment's entry assembly, given its folder and the assembly's file name.</param>
    /// <returns>The process's exit code.</returns>
    public static int Run(string socketPath, string workerId, string secret, Func<string, string, Assembly> loadEntry) =>
        throw new NotSupportedException("The worker's session is not built yet.");
}

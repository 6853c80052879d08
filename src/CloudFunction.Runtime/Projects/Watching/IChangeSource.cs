namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>Reports changes below a folder as they happen. It may miss any of them.</summary>
internal interface IChangeSource
{
    /// <summary>Listens until the result is disposed.</summary>
    /// <param name="directory">The folder; it has to be there.</param>
    /// <param name="changed">Gets the path of what came, went or changed, relative to the folder. Called on any thread.</param>
    /// <param name="failed">Gets an <see cref="InternalBufferOverflowException"/> where changes were lost, anything else where it reports no
    /// more. Called on any thread.</param>
    /// <exception cref="IOException">The system has no means left to listen with.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read the folder.</exception>
    /// <exception cref="ArgumentException">There is no such folder.</exception>
    IDisposable Listen(string directory, Action<string> changed, Action<Exception> failed);
}

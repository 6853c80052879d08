using CloudFunction.Runtime.Projects.Watching;

namespace CloudFunction.Runtime.Tests.Projects.Watching;

/// <summary>Reports what a test has it report, or refuses to listen.</summary>
internal sealed class ScriptedChanges : IChangeSource
{
    private Action<string>? _changed;
    private Action<Exception>? _failed;
    private int _listened;

    public Exception? Refusal { get; set; }

    /// <summary>How often somebody began to listen.</summary>
    public int Listened => Volatile.Read(ref _listened);

    public bool IsListenedTo => Volatile.Read(ref _changed) is not null;

    public IDisposable Listen(string directory, Action<string> changed, Action<Exception> failed)
    {
        if (Refusal is not null)
        {
            throw Refusal;
        }

        Volatile.Write(ref _changed, changed);
        Volatile.Write(ref _failed, failed);
        Interlocked.Increment(ref _listened);
        return new Listening(this);
    }

    public void Change(string path) => Volatile.Read(ref _changed)?.Invoke(path.Replace('/', Path.DirectorySeparatorChar));

    public void Fail(Exception exception) => Volatile.Read(ref _failed)?.Invoke(exception);

    private sealed class Listening(ScriptedChanges owner) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref owner._changed, null);
    }
}

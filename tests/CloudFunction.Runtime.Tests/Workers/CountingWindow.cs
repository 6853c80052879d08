using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>Counts the room that is given back.</summary>
internal sealed class CountingWindow : ILogWindow
{
    public int Released { get; private set; }

    public void Release(int bytes) => Released += bytes;
}

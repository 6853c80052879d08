using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Logging;

/// <summary>For the few records that take nobody's room: those of the log about itself.</summary>
internal sealed class NoWindow : ILogWindow
{
    public static readonly NoWindow Instance = new();

    public void Release(int bytes)
    {
        // There is nothing to give back.
    }
}

using CloudFunction.Protocol.Connections;

namespace CloudFunction.Runtime.Invocations;

/// <summary>How many bytes of log records a worker may have under way, so that a flood slows the worker down and never fills the host.</summary>
internal sealed class LogWindow(FrameConnection connection) : ILogWindow
{
    private ReceiveCredit _credit = new(CreditWindows.LogBytes, CreditWindows.LogCreditBytes);

    /// <summary>A record of so many bytes has come.</summary>
    /// <exception cref="Protocol.ProtocolException">There was no room for it.</exception>
    public void Use(int bytes) => _credit.Use(bytes);

    public void Release(int bytes)
    {
        var grant = _credit.Release(bytes);
        if (grant > 0)
        {
            connection.SendLogCredit(grant);
        }
    }
}

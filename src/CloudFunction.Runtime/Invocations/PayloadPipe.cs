using System.IO.Pipelines;
using CloudFunction.Protocol.Connections;

namespace CloudFunction.Runtime.Invocations;

/// <summary>The payload of a call on its way to the worker. To be called with the invocation's lock held, but for <see cref="Credit"/>.</summary>
internal sealed class PayloadPipe
{
    private SendCredit? _credit;
    private PipeReader? _reader;

    /// <summary>What the worker has room for. There from when it is first asked for; most calls never do. Thread safe.</summary>
    public SendCredit Credit => LazyInitializer.EnsureInitialized(ref _credit, static () => new SendCredit(CreditWindows.StreamBytes));

    /// <summary>Sends it while the function runs; null where it was sent before.</summary>
    public Task<Exception?>? Sending { get; set; }

    /// <summary>It is being read from there.</summary>
    public void Open(PipeReader reader)
    {
        _reader = reader;
        _ = Credit; // There to be ended, whoever comes to wait for it later.
    }

    /// <summary>It is read no longer.</summary>
    public void Close() => _reader = null;

    /// <summary>Nothing more of it is wanted: ends waits for credit and a read that waits.</summary>
    public void Stop()
    {
        _credit?.End();
        try
        {
            _reader?.CancelPendingRead();
        }
        catch (Exception)
        {
            // The reader is the app's. One whose request was aborted throws here (Kestrel's does), and then there is no read to cancel. It must
            // not keep the caller from being notified, nor end the connection's reader or the sweep, whose threads this is on.
        }
    }

    /// <summary>Makes it as new.</summary>
    public void Reset()
    {
        _credit = null;
        _reader = null;
        Sending = null;
    }
}

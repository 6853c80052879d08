using System.Net.Sockets;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>A connection to a callback's receiver, which reports its end.</summary>
internal sealed class CallbackStream(Socket socket, Action closed) : NetworkStream(socket, ownsSocket: true)
{
    private Action? _closed = closed;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Interlocked.Exchange(ref _closed, null)?.Invoke();
    }
}

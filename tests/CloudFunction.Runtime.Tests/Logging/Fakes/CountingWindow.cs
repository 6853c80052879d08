using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tests.Logging.Fakes;

/// <summary>Room of a fixed size, as a worker has it; taking more waits until some is given back.</summary>
internal sealed class CountingWindow(int bytes) : ILogWindow
{
    private readonly Lock _lock = new();
    private int _left = bytes;

    public int Releases { get; private set; }

    public int Left
    {
        get
        {
            lock (_lock)
            {
                return _left;
            }
        }
    }

    public void Take(int wanted)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_left >= wanted)
                {
                    _left -= wanted;
                    return;
                }

            }

            Patience.Until(() => Left >= wanted, () => $"{Left} bytes are left, {wanted} are wanted.");
        }
    }

    public void Release(int given)
    {
        lock (_lock)
        {
            _left += given;
            Releases++;
        }
    }
}

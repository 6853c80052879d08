using Microsoft.AspNetCore.Connections;

namespace CloudFunction.AspNetCore.Connections;

/// <summary>
/// Bounds how many connections are open at once, so that clients who open many and ask for nothing use up no descriptors and keep nobody out. When
/// all places are taken, a newcomer gets that of the connection that has been idle longest or, where none is idle, of the slowest client; else it
/// waits. Thread safe.
/// </summary>
/// <param name="max">How many connections may be open.</param>
/// <param name="cutSlowest">Called where none is idle: ends a request that only waits for its client, if there is one, so that its connection
/// closes.</param>
/// <param name="time">The clock.</param>
/// <param name="notice">Where closed and waiting connections are reported.</param>
internal sealed class ConnectionBound(int max, Func<bool> cutSlowest, TimeProvider time, CrowdNotice notice)
{
    // A client that means to send a request has begun by then: one that has not goes before those that have sent some and may send more. These go
    // where they have been idle for so much longer, or else clients who ask for something small now and then would keep newcomers out.
    private static readonly TimeSpan NewcomerGrace = TimeSpan.FromSeconds(1);

    // Shorter, it may have a request on its way: one that came with the connection, or the next of a client that calls without pause.
    private static readonly TimeSpan MinIdle = TimeSpan.FromMilliseconds(100);

    // How long a connection that is asked to close may take.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly LinkedList<BoundedConnection> _unused = new(); // Those that have sent no request yet, the longest idle first.
    private readonly LinkedList<BoundedConnection> _resting = new(); // Those between requests, likewise.
    private TaskCompletionSource? _changed;
    private int _open;
    private int _waiting;
    private int _leaving;
    private long _left;

    /// <summary>How many are open.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
            {
                return _open;
            }
        }
    }

    /// <summary>Whether somebody waits for a place, and no connection is about to leave one.</summary>
    private bool IsCrowded => _waiting > _leaving;

    /// <summary>Takes a place, and waits for one where there is none.</summary>
    /// <param name="isShort">Whether descriptors are so short that another connection must close first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask EnterAsync(bool isShort, CancellationToken cancellationToken)
    {
        var isWaiting = false;
        var left = 0L;
        try
        {
            while (true)
            {
                BoundedConnection? victim;
                Task changed;
                var wait = Patience;
                var isNew = !isWaiting;
                lock (_lock)
                {
                    left = isWaiting ? left : _left;
                    if (_open < max && (!isShort || _open == 0 || _left != left))
                    {
                        _open++;
                        return;
                    }

                    _waiting += isWaiting ? 0 : 1;
                    isWaiting = true;
                    victim = PickLocked(ref wait);
                    _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    changed = _changed.Task;
                }

                if (victim is not null)
                {
                    notice.Closed();
                    victim.Leave();
                }
                else if (cutSlowest())
                {
                    notice.Closed();
                }
                else if (isNew)
                {
                    notice.Waited();
                }

                if (!await WaitAsync(changed, wait, cancellationToken).ConfigureAwait(false))
                {
                    victim?.Cut();
                }
            }
        }
        finally
        {
            if (isWaiting)
            {
                lock (_lock)
                {
                    _waiting--;
                }
            }
        }
    }

    /// <summary>A connection has the place that was taken for it.</summary>
    public BoundedConnection Add(ConnectionContext transport)
    {
        var connection = new BoundedConnection(transport, this);
        lock (_lock)
        {
            RestLocked(connection);
        }

        return connection;
    }

    /// <summary>A request begins on a connection.</summary>
    /// <returns>False where the connection was cut, so that its answer would reach nobody.</returns>
    internal bool TryBegin(BoundedConnection connection)
    {
        bool isCrowded;
        lock (_lock)
        {
            if (connection.IsCut)
            {
                return false;
            }

            if (connection.Requests++ == 0)
            {
                connection.Node.List?.Remove(connection.Node);
            }

            isCrowded = IsCrowded && !connection.IsLeaving;
        }

        if (isCrowded)
        {
            connection.RequestClose(); // Behind this answer, which announces it: whoever waits has its turn, and this client loses no request.
        }

        return true;
    }

    /// <summary>A request has been answered.</summary>
    internal void End(BoundedConnection connection)
    {
        lock (_lock)
        {
            connection.HasServed = true;
            if (--connection.Requests == 0 && !connection.IsLeaving)
            {
                RestLocked(connection);
                if (IsCrowded)
                {
                    SignalLocked();
                }
            }
        }
    }

    /// <summary>Marks a connection as cut, unless it has taken up a request.</summary>
    /// <returns>Whether it is to be aborted.</returns>
    internal bool TryCut(BoundedConnection connection)
    {
        lock (_lock)
        {
            ForgetLocked(connection); // It is waited for no longer, whichever it is.
            if (connection.Requests > 0)
            {
                return false;
            }

            connection.IsCut = true;
            return true;
        }
    }

    /// <summary>A connection has ended.</summary>
    internal void Remove(BoundedConnection connection)
    {
        lock (_lock)
        {
            connection.Node.List?.Remove(connection.Node);
            ForgetLocked(connection);
            _open--;
            _left++;
            SignalLocked();
        }
    }

    private BoundedConnection? PickLocked(ref TimeSpan wait)
    {
        if (_leaving >= _waiting)
        {
            return null;
        }

        var victim = TakeIdleLocked(ref wait);
        if (victim is not null)
        {
            victim.IsCounted = true;
            _leaving++;
        }

        return victim;
    }

    // Where none has been idle for long enough, the wait is until the first one has.
    private BoundedConnection? TakeIdleLocked(ref TimeSpan wait)
    {
        var (unused, resting) = (_unused.First?.Value, _resting.First?.Value);
        var victim = unused is null || resting is null ? unused ?? resting
            : time.GetElapsedTime(unused.IdleSince) >= NewcomerGrace ? unused
            : time.GetElapsedTime(resting.IdleSince, unused.IdleSince) <= NewcomerGrace ? unused
            : resting;
        if (victim is not null && MinIdle - time.GetElapsedTime(victim.IdleSince) is var missing && missing > TimeSpan.Zero)
        {
            wait = missing;
            return null;
        }

        if (victim is not null)
        {
            victim.Node.List!.Remove(victim.Node);
            victim.IsLeaving = true;
            victim.IsCut = !victim.HasServed;
        }

        return victim;
    }

    private void RestLocked(BoundedConnection connection)
    {
        connection.IdleSince = time.GetTimestamp();
        (connection.HasServed ? _resting : _unused).AddLast(connection.Node);
    }

    private void ForgetLocked(BoundedConnection connection)
    {
        if (connection.IsCounted)
        {
            connection.IsCounted = false;
            _leaving--;
        }
    }

    private void SignalLocked()
    {
        _changed?.TrySetResult();
        _changed = null;
    }

    private async ValueTask<bool> WaitAsync(Task changed, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(wait, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}

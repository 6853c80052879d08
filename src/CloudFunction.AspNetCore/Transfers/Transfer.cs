namespace CloudFunction.AspNetCore.Transfers;

/// <summary>A body on its way from or to a client. Time counts while the client is waited for, and not while the host or a function works.</summary>
/// <param name="project">Whose room it takes; empty where that is no project's.</param>
/// <param name="limits">How long the client may take.</param>
internal abstract class Transfer(string project, TransferLimits limits)
{
    private long _waitBegan;
    private long _progressAt;
    private TimeSpan _waited;

    /// <summary>Whose room it takes.</summary>
    public string Project => project;

    /// <summary>How many bytes have come or gone.</summary>
    public long Bytes { get; protected set; }

    /// <summary>Ends the wait for the client, and the transfer with it. Called under the watch's lock while a wait is on.</summary>
    public abstract void Cut(TransferLimit limit);

    /// <summary>Whether it was cut because others need its room or its connection.</summary>
    internal bool IsCut { get; private set; }

    /// <summary>Cuts it because others need its room.</summary>
    /// <param name="withConnection">Whether they need its connection, which goes on otherwise if it is one of HTTP/2.</param>
    internal void CutForOthers(bool withConnection)
    {
        IsCut = true;
        Cut(TransferLimit.Room);
        if (withConnection)
        {
            CloseConnection();
        }
    }

    /// <summary>How long its client was waited for altogether, in a wait that is on.</summary>
    internal TimeSpan WaitedFor(TimeProvider time, long now) => _waited + time.GetElapsedTime(_waitBegan, now);

    /// <summary>How many bytes a second came or went, on average, while it was waited for.</summary>
    internal double RateOf(TimeProvider time, long now) => Bytes / WaitedFor(time, now).TotalSeconds;

    /// <summary>A wait begins.</summary>
    internal void BeginWait(long now) => _waitBegan = _progressAt = now;

    /// <summary>It has ended.</summary>
    internal void EndWait(TimeSpan waited) => _waited += waited;

    /// <summary>When the present wait began.</summary>
    internal long WaitBegan => _waitBegan;

    /// <summary>Checks the limits in the present wait.</summary>
    internal TransferLimit Check(TimeProvider time, long now)
    {
        if (CheckProgress())
        {
            _progressAt = now;
        }

        return limits.Find(IdleFor(time, now), _waited + time.GetElapsedTime(_waitBegan, now), Bytes);
    }

    /// <summary>How long nothing has come or gone.</summary>
    internal TimeSpan IdleFor(TimeProvider time, long now) => time.GetElapsedTime(_progressAt, now);

    /// <summary>Has its connection close behind what else there is on it.</summary>
    protected abstract void CloseConnection();

    /// <summary>Checks whether bytes have come or gone since the last check, though the wait goes on.</summary>
    protected virtual bool CheckProgress() => false;
}

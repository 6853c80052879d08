using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>Keeps listening to a folder that may come, go and be replaced, on a system that may refuse. Its members are one loop's; what
/// the source reports may come on any thread.</summary>
internal sealed class ChangeListener(
    string directory, IChangeSource source, Action<string> changed, Action<Exception> lost, ILogger logger) : IDisposable
{
    // Limits are raised by people. Listening anew walks all folders, which is no work for every poll.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    private IDisposable? _listening;
    private Exception? _failure;
    private bool _hasOverflowed;
    private bool _isStale;
    private bool _hasWarned;
    private TimeSpan _retryAt;

    /// <summary>Listens anew at the next <see cref="Keep"/>: something has changed that it was not notified of, as where the
    /// folder was replaced.</summary>
    public void Renew() => _isStale = true;

    /// <summary>Listens, if it can and does not yet.</summary>
    /// <param name="isThere">Whether the folder is there; else there is nothing to listen to.</param>
    /// <param name="now">The time since the watch's start.</param>
    public void Keep(bool isThere, TimeSpan now)
    {
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            Close();
            Fail(failure, now);
        }

        // After an overflow folders may be there that the system was never asked about.
        if (!isThere || _isStale || Interlocked.Exchange(ref _hasOverflowed, false))
        {
            Close();
        }

        _isStale = false;
        if (isThere && _listening is null && now >= _retryAt)
        {
            Open(now);
        }
    }

    public void Dispose() => Close();

    private void Open(TimeSpan now)
    {
        try
        {
            _listening = source.Listen(directory, changed, OnFailed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or PlatformNotSupportedException)
        {
            Fail(e, now);
            return;
        }

        // Watches that run out are reported from another thread, a moment later: until the next poll nothing shows that all is well.
        if (_hasWarned && Volatile.Read(ref _failure) is null)
        {
            _hasWarned = false;
            ProjectsWatcherLog.ListensAgain(logger, directory);
        }
    }

    private void OnFailed(Exception exception)
    {
        if (exception is InternalBufferOverflowException)
        {
            Volatile.Write(ref _hasOverflowed, true);
        }
        else
        {
            Volatile.Write(ref _failure, exception);
        }

        lost(exception);
    }

    private void Fail(Exception exception, TimeSpan now)
    {
        _retryAt = now + RetryInterval;
        if (!_hasWarned)
        {
            _hasWarned = true;
            ProjectsWatcherLog.CannotListen(logger, directory, exception.Message, RetryInterval.TotalSeconds);
        }
    }

    private void Close()
    {
        _listening?.Dispose();
        _listening = null;
    }
}

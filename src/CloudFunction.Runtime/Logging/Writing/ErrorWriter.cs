namespace CloudFunction.Runtime.Logging.Writing;

/// <summary>Reports on standard error what the log itself cannot. Thread safe; it never waits for who reads it.</summary>
internal sealed class ErrorWriter(ConsoleWriters console)
{
    private int _isWriting;

    /// <summary>Writes a line, unless the last one still waits to be taken.</summary>
    public void Write(string message)
    {
        if (Interlocked.Exchange(ref _isWriting, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static work => work.Owner.WriteNow(work.Message), (Owner: this, Message: message), preferLocal: false);
        }
    }

    private void WriteNow(string message)
    {
        try
        {
            console.Error.WriteLine(message);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // There is no other place to report it.
        }
        finally
        {
            Volatile.Write(ref _isWriting, 0);
        }
    }
}

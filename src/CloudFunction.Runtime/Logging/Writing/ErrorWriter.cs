namespace CloudFunction.Runtime.Logging.Writing;

/// <summary>Tells on standard error what the log itself cannot say. Thread safe; it never waits for who reads it.</summary>
internal sealed class ComplaintWriter(ConsoleWriters console)
{
    private int _isWriting;

    /// <summary>Writes a line, unless the last one still waits to be taken.</summary>
    public void Write(string complaint)
    {
        if (Interlocked.Exchange(ref _isWriting, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static work => work.Owner.WriteNow(work.Complaint), (Owner: this, Complaint: complaint), preferLocal: false);
        }
    }

    private void WriteNow(string complaint)
    {
        try
        {
            console.Error.WriteLine(complaint);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // There is no other place to say so.
        }
        finally
        {
            Volatile.Write(ref _isWriting, 0);
        }
    }
}

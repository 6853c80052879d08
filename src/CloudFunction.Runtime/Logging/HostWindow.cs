using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Logging;

/// <summary>The room of records that the host itself makes: nobody can be made to wait for it, so that what is too much is
/// dropped. Thread safe.</summary>
internal sealed class HostWindow(int maxRecords, long maxBytes) : ILogWindow
{
    private int _records;
    private long _bytes;

    /// <summary>Takes room for one record.</summary>
    /// <returns>False where there is none: the record is to be dropped.</returns>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Increment(ref _records) > maxRecords)
        {
            Interlocked.Decrement(ref _records);
            return false;
        }

        if (Interlocked.Add(ref _bytes, bytes) > maxBytes)
        {
            Release(bytes);
            return false;
        }

        return true;
    }

    public void Release(int bytes)
    {
        Interlocked.Decrement(ref _records);
        Interlocked.Add(ref _bytes, -bytes);
    }
}

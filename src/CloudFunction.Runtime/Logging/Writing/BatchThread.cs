using System.Collections.Concurrent;

namespace CloudFunction.Runtime.Logging.Writing;

/// <summary>
/// A thread that takes what others post, in batches: who posts neither waits nor wakes it for every item. A thread of its own, since a disk or
/// a console may block it, and a thread pool that the app's code has used up must not keep records from being written.
/// </summary>
internal sealed class BatchThread<T>(string name, IBatchSink<T> sink) : IDisposable
    where T : class
{
    private const int MaxBatch = 1024; // A record is about a hundred bytes: a batch fills a large write.
    private const int WakeBacklog = 256; // So many do not wait for the tick.
    private const int IdleTicksBeforeParking = 20;

    // How long a record may wait for others while they keep coming. Nobody notices it, and it saves a wake-up for each.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan RestInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<T> _items = new();
    private readonly ConcurrentQueue<Flush> _flushes = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _starting = new();
    private volatile Thread? _thread;
    private volatile bool _stopping;
    private long _posted;
    private long _taken;
    private int _parked = 1;

    /// <summary>Ends with the thread; at once where it was never needed.</summary>
    public Task Ended => _thread is null ? Task.CompletedTask : _ended.Task;

    /// <summary>Hands an item over. Thread safe; it never blocks.</summary>
    /// <returns>False where the thread ends: the item stays the caller's.</returns>
    public bool Post(T item)
    {
        if (_stopping)
        {
            return false;
        }

        var posted = Interlocked.Increment(ref _posted);
        _items.Enqueue(item);
        if (_thread is null)
        {
            StartThread();
        }

        if (!Unpark() && posted - Volatile.Read(ref _taken) == WakeBacklog)
        {
            _wake.Set();
        }

        return true;
    }

    /// <summary>Ends once all that was posted before is written.</summary>
    public Task FlushAsync()
    {
        var upTo = Interlocked.Read(ref _posted);
        if (_thread is null || Volatile.Read(ref _taken) >= upTo)
        {
            return Task.CompletedTask;
        }

        var flush = new Flush(upTo, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _flushes.Enqueue(flush);
        Volatile.Write(ref _parked, 0);
        _wake.Set();
        return Task.WhenAny(flush.Written.Task, _ended.Task);
    }

    /// <summary>Has the thread end once it has written what was posted.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Set(); // Not disposed of: the thread may be about to wait for it.
    }

    /// <summary>Waits for the end of the thread.</summary>
    public void Join(TimeSpan timeout) => _thread?.Join(timeout);

    private void StartThread()
    {
        lock (_starting)
        {
            if (_thread is null && !_stopping)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = name };
                _thread.Start();
            }
        }
    }

    // The item is in the queue before the flag is read; see Park.
    private bool Unpark()
    {
        if (Volatile.Read(ref _parked) == 0 || Interlocked.Exchange(ref _parked, 0) == 0)
        {
            return false;
        }

        _wake.Set();
        return true;
    }

    private void Run()
    {
        var idleTicks = 0;
        while (true)
        {
            if (TakeBatch())
            {
                idleTicks = 0;
                if (_posted - _taken >= WakeBacklog || _stopping)
                {
                    continue; // More came meanwhile than is worth waiting with.
                }
            }
            else if (_stopping)
            {
                break;
            }
            else if (++idleTicks >= IdleTicksBeforeParking && Park())
            {
                idleTicks = 0;
                if (!_wake.WaitOne(RestInterval))
                {
                    sink.Rest();
                }

                continue;
            }

            _wake.WaitOne(Tick);
        }

        sink.Dispose();
        _ended.SetResult();
    }

    private bool Park()
    {
        Interlocked.Exchange(ref _parked, 1);
        return _items.IsEmpty && _flushes.IsEmpty; // Else something came between the last check and the flag.
    }

    private bool TakeBatch()
    {
        var count = 0;
        while (count < MaxBatch && _items.TryDequeue(out var item))
        {
            sink.Take(item);
            count++;
        }

        if (count > 0)
        {
            sink.EndBatch();
            Volatile.Write(ref _taken, _taken + count);
        }

        while (_flushes.TryPeek(out var flush) && flush.UpTo <= _taken)
        {
            _flushes.TryDequeue(out _);
            flush.Written.SetResult();
        }

        return count > 0;
    }

    private sealed record Flush(long UpTo, TaskCompletionSource Written);
}

using System.Diagnostics.Metrics;

namespace CloudFunction.Data.Providers;

/// <summary>Reads how many connections of a pool are idle from what its provider measures: no provider has a property for it.</summary>
internal sealed class IdleGauge : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly string _poolTag;
    private readonly string _stateTag;
    private readonly string _pool;
    private int _sum;
    private int _observed;
    private volatile bool _isObservable;

    /// <param name="meter">The provider's meter.</param>
    /// <param name="instrument">Its instrument: one that counts up and down, or one that is observed.</param>
    /// <param name="poolTag">The tag with the pool's name.</param>
    /// <param name="stateTag">The tag that is <c>idle</c> or <c>used</c>.</param>
    /// <param name="pool">The pool's name.</param>
    public IdleGauge(string meter, string instrument, string poolTag, string stateTag, string pool)
    {
        _poolTag = poolTag;
        _stateTag = stateTag;
        _pool = pool;
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Meter.Name == meter && published.Name == instrument)
            {
                _isObservable = published.IsObservable;
                listener.EnableMeasurementEvents(published);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, value, tags, _) => Measured(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Measured((int)value, tags));
        _listener.Start();
    }

    /// <summary>How many are idle now.</summary>
    public int Read()
    {
        if (!_isObservable)
        {
            return Math.Max(0, Volatile.Read(ref _sum));
        }

        lock (_listener)
        {
            _observed = 0;
            _listener.RecordObservableInstruments();
            return _observed;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Measured(int value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (isPool, isIdle) = (false, false);
        foreach (var (key, tag) in tags)
        {
            isPool |= key == _poolTag && Equals(tag, _pool);
            isIdle |= key == _stateTag && Equals(tag, "idle");
        }

        if (isPool && isIdle)
        {
            if (_isObservable)
            {
                _observed = value; // Read holds the lock: the measurement is made on its thread.
            }
            else
            {
                Interlocked.Add(ref _sum, value);
            }
        }
    }
}

namespace CloudFunction.Runtime.Logging.Files;

/// <summary>
/// A log file that grows by whole records and is moved out of the way before it grows too large. What cannot be written is dropped and
/// counted, and writing is tried again later: it never fails and never tears a line. For one thread.
/// </summary>
internal sealed class RotatingFile(string path, TimeProvider time, Action<string> report) : IDisposable
{
    private const int MaxPendingBytes = 256 * 1024; // More does not make a write any cheaper.

    // What is no longer stands whole, in a file of its own where the file's bound is less: as in Python.
    private const long WholeBytes = 64 * 1024;

    // Long enough to cost nothing, short enough that the disk's owner has an effect at once.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMinutes(1);

    private byte[] _pending = new byte[4 * 1024];
    private int _pendingBytes;
    private long _pendingRecords;
    private AppendedFile? _file;
    private bool _isReady; // The file was checked since the last flush.
    private long? _failedAt;
    private long? _rotationFailedAt;
    private long? _reportedAt;
    private long _checkedAt;

    /// <summary>How large it may become by more than one record; 0 for no limit.</summary>
    public long MaxBytes { get; set; }

    /// <summary>How many full files are kept. With none, a full file begins anew.</summary>
    public int BackupCount { get; set; }

    /// <summary>How many records were lost and are not reported yet.</summary>
    public long Dropped { get; private set; }

    /// <summary>Whether something was appended that is not written yet.</summary>
    public bool HasPending => _pendingBytes > 0;

    /// <summary>A timestamp of its last use.</summary>
    public long UsedAt { get; private set; } = time.GetTimestamp();

    /// <summary>Whether a write would be tried now.</summary>
    public bool IsWritable => _failedAt is not { } at || time.GetElapsedTime(at) >= RetryDelay;

    /// <summary>Adds a record; it is written by the next <see cref="Flush"/> at the latest.</summary>
    /// <param name="record">Whole lines.</param>
    /// <param name="weight">How many records are lost with this one.</param>
    public void Append(ReadOnlySpan<byte> record, long weight = 1)
    {
        UsedAt = time.GetTimestamp();
        if (!TryPrepare())
        {
            Dropped += weight;
            return;
        }

        var mostBytes = Math.Max(MaxBytes, WholeBytes);
        var isCut = MaxBytes > 0 && record.Length > mostBytes;
        var length = isCut ? (int)mostBytes : record.Length;
        if (MaxBytes > 0 && _file!.Length + _pendingBytes is > 0 and var size && size + length > MaxBytes)
        {
            Flush();
            if (!Rotate() || !TryPrepare())
            {
                Dropped += weight;
                return;
            }
        }

        if (_pendingBytes > 0 && _pendingBytes + length > MaxPendingBytes)
        {
            Flush();
            if (!TryPrepare())
            {
                Dropped += weight;
                return;
            }
        }

        var room = RoomFor(length);
        if (isCut)
        {
            CutRecord.Copy(record, room);
        }
        else
        {
            record.CopyTo(room);
        }

        _pendingBytes += length;
        _pendingRecords += weight;
    }

    /// <summary>Writes what was appended.</summary>
    public void Flush()
    {
        _isReady = false;
        if (_pendingBytes == 0)
        {
            return;
        }

        try
        {
            _file!.Append(_pending.AsSpan(0, _pendingBytes));
            _failedAt = null;
        }
        catch (Exception e) when (IsFailure(e))
        {
            Fail(e, _pendingRecords);
        }

        _pendingBytes = 0;
        _pendingRecords = 0;
    }

    /// <summary>The lost records that are reported now.</summary>
    public long TakeDropped()
    {
        var dropped = Dropped;
        Dropped = 0;
        return dropped;
    }

    /// <summary>Writes what was appended and closes the file; the next record opens it again.</summary>
    public void Dispose()
    {
        Flush();
        Close();
    }

    private static bool IsFailure(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    private bool TryPrepare()
    {
        if (_isReady)
        {
            return true;
        }

        if (!IsWritable)
        {
            return false;
        }

        try
        {
            Check();
            _file ??= AppendedFile.Open(path);
            return _isReady = true;
        }
        catch (Exception e) when (IsFailure(e))
        {
            Fail(e, 0);
            return false;
        }
    }

    // Somebody may have moved the file, removed it or cut it short since the last batch.
    private void Check()
    {
        if (_file is null)
        {
            return;
        }

        _file.Refresh();
        if (time.GetElapsedTime(_checkedAt) >= CheckInterval)
        {
            _checkedAt = time.GetTimestamp();
            if (!_file.IsInPlace())
            {
                Close();
            }
        }
    }

    // Returns whether the next record may be written, be it to a file that is too large because nothing could be renamed.
    private bool Rotate()
    {
        if (_file is null || (_rotationFailedAt is { } at && time.GetElapsedTime(at) < RetryDelay))
        {
            return _file is not null;
        }

        try
        {
            if (BackupCount == 0)
            {
                _file.Clear();
                return true;
            }

            Close(); // On Windows an open file can be renamed, but its name cannot be used again.
            _rotationFailedAt = FileRotation.TryRotate(path, BackupCount) ? null : time.GetTimestamp();
            _file = AppendedFile.Open(path);
            return true;
        }
        catch (Exception e) when (IsFailure(e))
        {
            Fail(e, 0);
            return false;
        }
    }

    private Span<byte> RoomFor(int length)
    {
        if (_pending.Length - _pendingBytes < length)
        {
            Array.Resize(ref _pending, Math.Max(_pending.Length * 2, _pendingBytes + length));
        }

        return _pending.AsSpan(_pendingBytes, length);
    }

    private void Fail(Exception e, long records)
    {
        Dropped += records;
        _failedAt = time.GetTimestamp();
        Close();
        if (_reportedAt is not { } at || time.GetElapsedTime(at) >= ReportInterval)
        {
            _reportedAt = _failedAt;
            report($"The log file {path} cannot be written ({e.Message.TrimEnd('.')}): its records are dropped until it can.");
        }
    }

    private void Close()
    {
        _isReady = false;
        _file?.Dispose();
        _file = null;
    }
}

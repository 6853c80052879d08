using System.Buffers;
using System.Numerics;

namespace CloudFunction.Runtime.Bodies;

/// <summary>One body as it comes: in memory up to a size, then in a file. For one writer. Disposing it gives back all that it takes.</summary>
internal sealed class BodyBuffer : IDisposable
{
    private const int SegmentBytes = 16 * 1024;
    private const int MaxSegmentBytes = 128 * 1024;

    // Room comes back as others' bodies are given up, which nobody reports.
    private static readonly TimeSpan RoomInterval = TimeSpan.FromMilliseconds(100);

    private readonly BodyStore _store;
    private readonly BodyBudget _budget;
    private readonly string _project;
    private BodySegment? _first;
    private BodySegment? _last;
    private long _memory;
    private bool _isDisposed;

    internal BodyBuffer(BodyStore store, BodyBudget budget, string project)
    {
        _store = store;
        _budget = budget;
        _project = project;
    }

    /// <summary>How many bytes it has.</summary>
    public long Length { get; private set; }

    /// <summary>All of it where it is in memory; else empty.</summary>
    public ReadOnlySequence<byte> Memory => _first is null ? default : new(_first, 0, _last!, _last!.Memory.Length);

    /// <summary>Its file; null where it is in memory.</summary>
    public BodyFile? File { get; private set; }

    /// <summary>Puts bytes behind what is there.</summary>
    /// <returns>False where the project has no room for them, or too many files are open: nothing is added then.</returns>
    /// <exception cref="StorageFullException">The disk is full.</exception>
    /// <exception cref="IOException">The disk cannot be written to.</exception>
    public async ValueTask<bool> TryAppendAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken)
    {
        if (!_budget.TryTake(_project, bytes.Length))
        {
            return false;
        }

        var added = false;
        try
        {
            if (File is null && Length + bytes.Length <= HeldBody.MaxMemoryBytes && TryAppendToMemory(bytes))
            {
                added = true;
                return true;
            }

            if (File is null && !await TryMoveToFileAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            foreach (var part in bytes)
            {
                await File!.AppendAsync(part, cancellationToken).ConfigureAwait(false);
            }

            added = true;
            return true;
        }
        finally
        {
            if (added)
            {
                Length += bytes.Length;
            }
            else
            {
                _budget.Release(_project, bytes.Length);
            }
        }
    }

    /// <summary>Puts bytes behind what is there, and waits for room while there is none.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="patience">For how long; a disk that is full counts as no room.</param>
    /// <param name="makeRoom">Called each time that there is none, to have others of the project give theirs up.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False where there was still none in the end: nothing is added then.</returns>
    /// <exception cref="StorageFullException">The disk was still full in the end.</exception>
    /// <exception cref="IOException">The disk cannot be written to.</exception>
    public async ValueTask<bool> AppendAsync(ReadOnlySequence<byte> bytes, TimeSpan patience, Action? makeRoom, CancellationToken cancellationToken)
    {
        var began = _store.Time.GetTimestamp();
        while (true)
        {
            try
            {
                if (await TryAppendAsync(bytes, cancellationToken).ConfigureAwait(false))
                {
                    return true;
                }

                if (IsOver())
                {
                    return false;
                }

                makeRoom?.Invoke();
            }
            catch (StorageFullException) when (!IsOver())
            {
                // Others' bodies are on the same disk.
            }

            await Task.Delay(RoomInterval, _store.Time, cancellationToken).ConfigureAwait(false);
        }

        bool IsOver() => _store.Time.GetElapsedTime(began) > patience;
    }

    /// <summary>It is whole: from now on it is read.</summary>
    public HeldBody Complete() => new(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        FreeMemory();
        File?.Dispose();
        _budget.Release(_project, Length);
    }

    private bool TryAppendToMemory(in ReadOnlySequence<byte> bytes)
    {
        var needed = bytes.Length - (_last?.Free.Length ?? 0);
        if (needed > 0)
        {
            // One more piece that holds the rest, so that it is all or nothing.
            var wanted = Math.Max(needed, Math.Min(MaxSegmentBytes, Math.Max(SegmentBytes, Length)));
            var size = (int)BitOperations.RoundUpToPowerOf2((uint)wanted); // As the pool has them.
            if (!_store.TryTakeMemory(_project, size))
            {
                return false;
            }

            _memory += size;
            Copy(bytes, new BodySegment(size));
        }
        else
        {
            Copy(bytes, null);
        }

        return true;
    }

    private void Copy(in ReadOnlySequence<byte> bytes, BodySegment? more)
    {
        foreach (var part in bytes)
        {
            for (var rest = part.Span; !rest.IsEmpty;)
            {
                if (_last is null || _last.Free.IsEmpty)
                {
                    Append(more!);
                }

                var count = Math.Min(rest.Length, _last!.Free.Length);
                rest[..count].CopyTo(_last.Free);
                _last.Advance(count);
                rest = rest[count..];
            }
        }
    }

    private void Append(BodySegment next)
    {
        if (_last is null)
        {
            _first = next;
        }
        else
        {
            _last.Append(next);
        }

        _last = next;
    }

    private async ValueTask<bool> TryMoveToFileAsync(CancellationToken cancellationToken)
    {
        if (_store.TryCreateFile(_project) is not { } file)
        {
            return false;
        }

        try
        {
            foreach (var part in Memory)
            {
                await file.AppendAsync(part, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        File = file;
        FreeMemory();
        return true;
    }

    private void FreeMemory()
    {
        for (var segment = _first; segment is not null; segment = (BodySegment?)segment.Next)
        {
            segment.Return();
        }

        _first = _last = null;
        _store.ReleaseMemory(_project, _memory);
        _memory = 0;
    }
}

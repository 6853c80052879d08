using System.Buffers;
using System.Threading.Channels;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Transfers;
using CloudFunction.Runtime;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.AspNetCore.Endpoints.Invoke;

/// <summary>
/// What a worker has sent of a result and its client has not taken yet: in memory while the client keeps up, in a file once it has kept the
/// worker waiting. One task fetches, one reads. Disposing it, after both have ended, gives back all that it takes.
/// </summary>
internal sealed class ResultQueue(HostBodies bodies, string project, TransferWatch watch, TimeProvider time) : IDisposable
{
    // A few of a stream's windows: a client that takes its result at the network's pace is not held up by the worker's, nor it by the client's.
    private const int MaxMemoryBytes = 256 * 1024;

    // How long all waits for the client together may keep the worker, and the place that the call has.
    private static readonly TimeSpan MaxPatience = TimeSpan.FromMilliseconds(250);

    // Room comes back as others' answers end, which nobody reports.
    private static readonly TimeSpan RoomDelay = TimeSpan.FromMilliseconds(100);

    private readonly Channel<ResultPart> _parts = Channel.CreateUnbounded<ResultPart>(new() { SingleReader = true, SingleWriter = true });
    private readonly Channel<bool> _taken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopped = new();
    private TimeSpan _patience = MaxPatience;
    private BodyFile? _file;
    private byte[]? _piece;
    private ResultPart _current;
    private int _sent;
    private long _memory;
    private long _pending;
    private long _inFile;
    private bool _isFileRefused;

    /// <summary>Fetches the whole result. Does not throw: what goes wrong is thrown to who reads, behind what came before it.</summary>
    public async Task FetchAsync(InvocationResult result)
    {
        try
        {
            await result.ReadToEndAsync(AddAsync).ConfigureAwait(false);
            _parts.Writer.Complete();
        }
        catch (Exception exception)
        {
            // The result broke off, or who reads has stopped: either is theirs to know.
            _parts.Writer.TryComplete(exception);
        }
    }

    /// <summary>The next piece of at most <see cref="ResponseBody.PieceBytes"/>, which is valid until this is called again;
    /// empty at the end.</summary>
    /// <exception cref="InvocationBrokenException">The result broke off.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        while (_sent == _current.Length)
        {
            Release(_current);
            (_current, _sent) = (default, 0);
            if (!_parts.Reader.TryRead(out var next))
            {
                if (!await _parts.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    return default;
                }

                continue;
            }

            _current = next;
        }

        var length = Math.Min(_current.Length - _sent, ResponseBody.PieceBytes);
        ReadOnlyMemory<byte> piece;
        if (_current.Array is { } array)
        {
            piece = array.AsMemory(_sent, length);
        }
        else
        {
            _piece ??= ArrayPool<byte>.Shared.Rent(ResponseBody.PieceBytes);
            length = await _file!.ReadAsync(_piece.AsMemory(0, length), _current.Offset + _sent, cancellationToken).ConfigureAwait(false);
            piece = _piece.AsMemory(0, length);
        }

        _sent += length;
        return piece;
    }

    /// <summary>Nothing more is read: a fetch that waits for room ends.</summary>
    public void Stop() => _stopped.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Release(_current);
        while (_parts.Reader.TryRead(out var part))
        {
            Release(part);
        }

        if (_piece is not null)
        {
            ArrayPool<byte>.Shared.Return(_piece);
        }

        _file?.Dispose();
        bodies.Results.Release(project, _inFile);
        _stopped.Dispose();
    }

    private async ValueTask AddAsync(ReadOnlyMemory<byte> part)
    {
        if (part.IsEmpty)
        {
            return;
        }

        while (!TryAddToMemory(part))
        {
            if (_file is null && _patience > TimeSpan.Zero)
            {
                var began = time.GetTimestamp();
                await WaitAsync(_patience).ConfigureAwait(false);
                _patience -= time.GetElapsedTime(began);
            }
            else if (await TryAddToFileAsync(part).ConfigureAwait(false))
            {
                return;
            }
            else
            {
                watch.CutIdlest(project);
                await WaitAsync(RoomDelay).ConfigureAwait(false);
            }
        }
    }

    private bool TryAddToMemory(ReadOnlyMemory<byte> part)
    {
        // In order: what comes behind a part in the file is in the file. One part always has room, so that no result stands still for another.
        var isFirst = Interlocked.Read(ref _pending) == 0;
        if ((_file is not null && !isFirst) || (!isFirst && Interlocked.Read(ref _memory) + part.Length > MaxMemoryBytes))
        {
            return false;
        }

        if (!isFirst && !TryTake(part.Length))
        {
            return false;
        }

        var array = ArrayPool<byte>.Shared.Rent(part.Length);
        part.Span.CopyTo(array);
        Interlocked.Add(ref _memory, part.Length);
        Interlocked.Add(ref _pending, part.Length);
        _parts.Writer.TryWrite(new ResultPart(array, 0, part.Length) { IsCounted = !isFirst });
        return true;
    }

    private bool TryTake(int bytes)
    {
        if (!bodies.Results.TryTake(project, bytes))
        {
            return false;
        }

        if (bodies.Store.TryTakeMemory(project, bytes))
        {
            return true;
        }

        bodies.Results.Release(project, bytes);
        return false;
    }

    private async ValueTask<bool> TryAddToFileAsync(ReadOnlyMemory<byte> part)
    {
        if (_isFileRefused || !bodies.Results.TryTake(project, part.Length))
        {
            return false;
        }

        try
        {
            if ((_file ??= bodies.Store.TryCreateFile(project)) is { } file)
            {
                var offset = file.Length;
                await file.AppendAsync(part, CancellationToken.None).ConfigureAwait(false);
                _inFile += part.Length;
                Interlocked.Add(ref _pending, part.Length);
                _parts.Writer.TryWrite(new ResultPart(null, offset, part.Length));
                return true;
            }
        }
        catch (Exception exception) when (exception is StorageFullException or IOException or UnauthorizedAccessException)
        {
            _isFileRefused = true; // The worker waits for the client then, and the client has its limits.
        }

        bodies.Results.Release(project, part.Length);
        return false;
    }

    private async ValueTask WaitAsync(TimeSpan atMost)
    {
        try
        {
            await _taken.Reader.WaitToReadAsync(_stopped.Token).AsTask().WaitAsync(atMost, time).ConfigureAwait(false);
            _taken.Reader.TryRead(out _);
        }
        catch (TimeoutException)
        {
            // Who reads has taken nothing.
        }
    }

    private void Release(in ResultPart part)
    {
        if (part.Length == 0)
        {
            return;
        }

        if (part.Array is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
            Interlocked.Add(ref _memory, -part.Length);
            if (part.IsCounted)
            {
                bodies.Results.Release(project, part.Length);
                bodies.Store.ReleaseMemory(project, part.Length);
            }
        }

        Interlocked.Add(ref _pending, -part.Length);
        _taken.Writer.TryWrite(true);
    }
}

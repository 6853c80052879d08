using System.Buffers;
using System.Security.Cryptography;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Tasks.Storage;

namespace CloudFunction.Runtime.Tasks;

/// <summary>Bytes that are to be stored: in memory, or in a file that the store takes over where it lies. Its owner keeps it whole and
/// unchanged until the store has answered; for one write, which may be repeated while it fails.</summary>
internal sealed class NewValue
{
    /// <summary>What is longer lies in a file beside the store.</summary>
    public const int MaxRowBytes = 64 * 1024;

    /// <summary>No bytes.</summary>
    public static readonly NewValue Empty = new(ReadOnlyMemory<byte>.Empty);

    private readonly ReadOnlySequence<byte> _memory;
    private readonly BodyFile? _body;

    public NewValue(ReadOnlyMemory<byte> memory)
    {
        _memory = new ReadOnlySequence<byte>(memory);
        Length = memory.Length;
    }

    public NewValue(HeldBody body)
    {
        _memory = body.Memory;
        _body = body.File;
        Length = body.Length;
    }

    /// <summary>How many bytes it has.</summary>
    public long Length { get; }

    /// <summary>Whether it lies in a file of its own.</summary>
    public bool IsLarge => Length > MaxRowBytes;

    /// <summary>All of it; only of one that is not <see cref="IsLarge"/>.</summary>
    public ReadOnlyMemory<byte> Row =>
        _body is not null ? throw new InvalidOperationException("It is in a file.") : _memory.IsSingleSegment ? _memory.First : _memory.ToArray();

    /// <summary>Its file in the store, once a write has made it; set by the store alone.</summary>
    internal ValueFile? File { get; set; }

    public static implicit operator NewValue(byte[] bytes) => new(bytes);

    public static implicit operator NewValue(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Its SHA-256.</summary>
    public async ValueTask<byte[]> HashAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in _memory)
        {
            hash.AppendData(part.Span);
        }

        if (_body is { } body)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(MaxRowBytes);
            try
            {
                for (long at = 0, read; (read = await body.ReadAsync(buffer, at, cancellationToken).ConfigureAwait(false)) > 0; at += read)
                {
                    hash.AppendData(buffer, 0, (int)read);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Makes it a file of that name, whose content is on disk then. Once: a body's file is no longer where it was.</summary>
    /// <exception cref="StorageFullException">There is no room.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void WriteTo(string path)
    {
        if (_body is { } body)
        {
            body.MoveTo(path);
            return;
        }

        using var handle = System.IO.File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None);
        var at = 0L;
        foreach (var part in _memory)
        {
            RandomAccess.Write(handle, part.Span, at);
            at += part.Length;
        }

        RandomAccess.FlushToDisk(handle);
    }
}

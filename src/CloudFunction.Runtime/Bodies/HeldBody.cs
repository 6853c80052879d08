using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace CloudFunction.Runtime.Bodies;

/// <summary>A whole body: in memory where it is small, else in a file. Disposing it gives back what it takes; nothing may read it then. To
/// be read any number of times.</summary>
internal sealed class HeldBody : IDisposable
{
    /// <summary>What is longer is in a file.</summary>
    public const int MaxMemoryBytes = 1 << 20;

    private readonly BodyBuffer _buffer;

    internal HeldBody(BodyBuffer buffer) => _buffer = buffer;

    /// <summary>How many bytes it has.</summary>
    public long Length => _buffer.Length;

    /// <summary>All of it where it is in memory; else empty.</summary>
    public ReadOnlySequence<byte> Memory => _buffer.Memory;

    /// <summary>Its file; null where it is in memory.</summary>
    public BodyFile? File => _buffer.File;

    /// <summary>Reads it from its beginning.</summary>
    public PipeReader OpenReader() => File is { } file
        ? PieceStream.OpenPipe(Length, file.ReadAsync)
        : PipeReader.Create(Memory);

    /// <summary>Reads a piece of it. By any number at a time.</summary>
    /// <param name="buffer">Filled, but at the end.</param>
    /// <param name="position">Where the piece begins.</param>
    /// <param name="cancellationToken">Ends the wait for the disk.</param>
    /// <returns>How many bytes; 0 at the end.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, long position, CancellationToken cancellationToken)
    {
        if (File is { } file)
        {
            return file.ReadAsync(buffer, position, cancellationToken);
        }

        var piece = Memory.Slice(position, Math.Min(buffer.Length, Length - position));
        piece.CopyTo(buffer.Span);
        return new((int)piece.Length);
    }

    /// <summary>Its SHA-256.</summary>
    public async ValueTask<byte[]> HashAsync(CancellationToken cancellationToken)
    {
        if (File is { } file)
        {
            var stream = new PieceStream(Length, file.ReadAsync);
            await using (stream.ConfigureAwait(false))
            {
                return await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
            }
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in Memory)
        {
            hash.AppendData(part.Span);
        }

        return hash.GetHashAndReset();
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();
}

using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace CloudFunction.Runtime.Bodies;

/// <summary>A whole body: in memory where it is small, else in a file. Disposing it gives back what it takes; nothing may read it then. To be read by one at
/// a time, any number of times.</summary>
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
        ? PipeReader.Create(new BodyFileStream(file), new StreamPipeReaderOptions(bufferSize: 64 * 1024))
        : PipeReader.Create(Memory);

    /// <summary>All of it in one block of memory.</summary>
    public async ValueTask<byte[]> ToArrayAsync(CancellationToken cancellationToken)
    {
        if (File is not { } file)
        {
            return Memory.ToArray();
        }

        var bytes = new byte[Length];
        var stream = new BodyFileStream(file);
        await using (stream.ConfigureAwait(false))
        {
            await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        }

        return bytes;
    }

    /// <summary>Its SHA-256.</summary>
    public async ValueTask<byte[]> HashAsync(CancellationToken cancellationToken)
    {
        if (File is { } file)
        {
            var stream = new BodyFileStream(file);
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

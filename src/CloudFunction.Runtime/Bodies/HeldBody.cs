using System.Buffers;
using System.IO.Pipelines;

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

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();
}

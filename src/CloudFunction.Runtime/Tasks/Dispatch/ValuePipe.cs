using System.Buffers;
using System.IO.Pipelines;

namespace CloudFunction.Runtime.Tasks.Dispatch;

/// <summary>A task's payload as the body of a call: out of memory or, a large one, out of its file piece by piece.</summary>
internal sealed class ValuePipe : IDisposable
{
    private const int PieceBytes = 64 * 1024;

    private readonly ValueReader? _file;

    /// <exception cref="StoredValueGoneException">The payload is not there.</exception>
    public ValuePipe(StoredValue value)
    {
        if (value.Memory is { } memory)
        {
            Reader = PipeReader.Create(new ReadOnlySequence<byte>(memory));
            return;
        }

        _file = value.Open();
        Reader = PipeReader.Create(_file.AsStream(), new StreamPipeReaderOptions(bufferSize: PieceBytes, leaveOpen: true));
    }

    /// <summary>What the call reads.</summary>
    public PipeReader Reader { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reader.Complete();
        _file?.Dispose();
    }
}

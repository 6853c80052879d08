using System.Buffers;

namespace CloudFunction.Worker.Functions;

/// <summary>What a cached writer points to while it is not in use.</summary>
internal sealed class NoOutput : IBufferWriter<byte>
{
    public static readonly NoOutput Instance = new();

    private NoOutput()
    {
    }

    public void Advance(int count) => throw new InvalidOperationException("A writer at rest was written to.");

    public Memory<byte> GetMemory(int sizeHint = 0) => throw new InvalidOperationException("A writer at rest was written to.");

    public Span<byte> GetSpan(int sizeHint = 0) => throw new InvalidOperationException("A writer at rest was written to.");
}

namespace CloudFunction.Llm.Tests.Wire;

/// <summary>Gives its bytes in pieces of random sizes, as a network does.</summary>
internal sealed class PiecewiseStream(byte[] bytes, Random random) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, random.Next(4) == 0 ? 5000 : 6))], cancellationToken);
}

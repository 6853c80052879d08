namespace CloudFunction.Llm.Tests.Wire;

/// <summary>Gives the same bytes again and again.</summary>
internal sealed class EndlessStream(byte[] bytes) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Position %= Length;
        return base.ReadAsync(buffer, cancellationToken);
    }
}

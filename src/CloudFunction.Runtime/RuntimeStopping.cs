namespace CloudFunction.Runtime;

/// <summary>Fires when the runtime begins to stop. What the host does of itself goes by it, and what has begun to make something lasting.</summary>
internal sealed class RuntimeStopping : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public RuntimeStopping() => Token = _source.Token;

    public CancellationToken Token { get; }

    public Task BeginAsync() => _source.CancelAsync();

    public void Dispose() => _source.Dispose();
}

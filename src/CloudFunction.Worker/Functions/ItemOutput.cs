using System.Buffers;

namespace CloudFunction.Worker.Functions;

/// <summary>Where a streaming function's items go, one after the other. For one writer.</summary>
internal abstract class ItemOutput
{
    /// <summary>Whether there is an item that has not been sent.</summary>
    public abstract bool HasUnsent { get; }

    /// <summary>Whether so much has not been sent that it is time to.</summary>
    public abstract bool IsFull { get; }

    /// <summary>Begins an item.</summary>
    /// <returns>Where its JSON goes, which is valid until the item is ended or rolled back.</returns>
    public abstract IBufferWriter<byte> Begin();

    /// <summary>Ends the item.</summary>
    public abstract void End();

    /// <summary>Rolls back what was written of an item that did not come to its end.</summary>
    public abstract void RollBack();

    /// <summary>Sends what has not been sent; waits while the host has no room for it.</summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    /// <exception cref="IOException">The host is gone.</exception>
    public abstract ValueTask SendAsync(CancellationToken cancellationToken);
}

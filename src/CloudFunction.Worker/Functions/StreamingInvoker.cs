using System.Buffers;

namespace CloudFunction.Worker.Functions;

/// <summary>Runs a function that answers with items.</summary>
internal abstract class StreamingInvoker : FunctionInvoker
{
    private protected StreamingInvoker(FunctionDescriptor descriptor)
        : base(descriptor)
    {
    }

    /// <summary>Runs the function once, with all its items in one JSON array.</summary>
    public sealed override ValueTask<InvocationFailure?> InvokeAsync(
        in InvocationMetadata metadata, ReadOnlySequence<byte> payload, IBufferWriter<byte> output, CancellationToken cancellationToken)
    {
        var array = new ItemArray(output);
        return CloseAsync(StreamAsync(in metadata, payload, array, cancellationToken), array, cancellationToken);
    }

    /// <summary>Runs the function once: binds, asks for one item after the other, as far as there is room for them, and disposes.</summary>
    /// <param name="metadata">What the host sends about the invocation.</param>
    /// <param name="payload">The request's body. It is read only until this method returns.</param>
    /// <param name="output">Where the items go; those that came before a failure were sent.</param>
    /// <param name="cancellationToken">Fires on timeout, when the client is gone, on cancel and on drain.</param>
    /// <returns><see langword="null"/> once there are no more items; some may not have been sent yet. Else why there are none. It never throws what a
    /// function throws.</returns>
    public abstract ValueTask<InvocationFailure?> StreamAsync(
        in InvocationMetadata metadata, ReadOnlySequence<byte> payload, ItemOutput output, CancellationToken cancellationToken);

    private static async ValueTask<InvocationFailure?> CloseAsync(
        ValueTask<InvocationFailure?> run, ItemArray array, CancellationToken cancellationToken)
    {
        if (await run.ConfigureAwait(false) is { } failure)
        {
            return failure;
        }

        try
        {
            array.Close();
            return null;
        }
        catch (ResultTooLargeException exception)
        {
            return InvocationFaults.OfResult(exception, cancellationToken);
        }
    }
}

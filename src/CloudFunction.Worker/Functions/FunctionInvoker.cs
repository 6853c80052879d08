using System.Buffers;

namespace CloudFunction.Worker.Functions;

/// <summary>Runs one function of a loaded project. Thread safe: invocations overlap as the caller lets them.</summary>
internal abstract class FunctionInvoker
{
    private protected FunctionInvoker(FunctionDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>What the deployment declares of the function.</summary>
    public FunctionDescriptor Descriptor { get; }

    /// <summary>Runs the function once: binds, runs, serializes, disposes.</summary>
    /// <param name="metadata">What the host sends about the invocation.</param>
    /// <param name="payload">The request's body. It is read only until this method returns, not until the returned task ends: its memory may be
    /// reused at once.</param>
    /// <param name="output">Where the result's JSON goes. It is written only after the function's own code has ended, so a function that fails
    /// leaves it untouched; a result that cannot be serialized leaves a part in it, to be thrown away. It may throw
    /// <see cref="ResultTooLargeException"/>.</param>
    /// <param name="cancellationToken">Fires on timeout, when the client is gone, on cancel and on drain.</param>
    /// <returns><see langword="null"/> once the whole result is in <paramref name="output"/> and the function has been disposed; else why
    /// there is none. It never throws what a function throws, and leaves the caller's execution context and culture as they were.</returns>
    public abstract ValueTask<InvocationFailure?> InvokeAsync(
        in InvocationMetadata metadata, ReadOnlySequence<byte> payload, IBufferWriter<byte> output, CancellationToken cancellationToken);
}

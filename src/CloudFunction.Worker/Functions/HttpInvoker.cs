using System.Buffers;

namespace CloudFunction.Worker.Functions;

/// <summary>Stands for an <see cref="IHttpFunction"/>: checked at load like any other, but not yet run.</summary>
internal sealed class HttpInvoker(FunctionDescriptor descriptor, ProjectContext project, FunctionFactory factory) : FunctionInvoker(descriptor)
{
    /// <summary>What the invocation's context is made of.</summary>
    public ProjectContext Project { get; } = project;

    /// <summary>Makes the instance.</summary>
    public FunctionFactory Factory { get; } = factory;

    public override ValueTask<InvocationFailure?> InvokeAsync(in InvocationMetadata metadata, ReadOnlySequence<byte> payload, IBufferWriter<byte> output, CancellationToken cancellationToken) =>
        new(new InvocationFailure(FailureKind.FunctionFailed, $"'{Descriptor.Name}' is an HTTP function, which only the routes below /fn/ serve.", null, null, null));
}

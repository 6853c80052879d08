using System.Buffers;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>Stands for an <see cref="IStreamingFunction{TRequest, TItem}"/>: bound and checked at load like any other, but not yet run.</summary>
internal sealed class StreamingInvoker<TRequest, TItem>(FunctionDescriptor descriptor, ProjectContext project, FunctionFactory factory) : FunctionInvoker(descriptor)
{
    /// <summary>What the invocation's context is made of.</summary>
    public ProjectContext Project { get; } = project;

    /// <summary>Makes the instance.</summary>
    public FunctionFactory Factory { get; } = factory;

    /// <summary>Binds the payload.</summary>
    public PayloadBinder<TRequest> Binder { get; } = project.BinderOf<TRequest>(descriptor);

    /// <summary>Serializes each item.</summary>
    public JsonTypeInfo<TItem> Item { get; } = (JsonTypeInfo<TItem>)project.Json.GetTypeInfo(typeof(TItem));

    public override ValueTask<InvocationFailure?> InvokeAsync(in InvocationMetadata metadata, ReadOnlySequence<byte> payload, IBufferWriter<byte> output, CancellationToken cancellationToken) =>
        new(new InvocationFailure(FailureKind.FunctionFailed, $"'{Descriptor.Name}' is a streaming function, and this route serves only functions with one result.", null, null, null));
}

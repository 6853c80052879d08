using System.Buffers;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Worker.Functions;

/// <summary>Runs an <see cref="IHttpFunction"/>.</summary>
internal sealed class HttpInvoker(
    FunctionDescriptor descriptor, ProjectContext project, FunctionFactory factory, HttpCall call) : FunctionInvoker(descriptor)
{
    public override ValueTask<InvocationFailure?> InvokeAsync(
        in InvocationMetadata metadata, ReadOnlySequence<byte> payload, IBufferWriter<byte> output, CancellationToken cancellationToken) =>
        new(new InvocationFailure(
            FailureKind.InvalidPayload, $"'{Descriptor.Name}' is an HTTP function, which only the routes below /fn/ serve: call "
                + $"/fn/{project.Settings.Project}/{Descriptor.Name}/.", null, "function", null));

    /// <summary>Runs the function once.</summary>
    /// <param name="metadata">What the host sends about the invocation.</param>
    /// <param name="head">The request but its body.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="output">Where the response goes.</param>
    /// <param name="cancellationToken">Fires on timeout, when the client is gone, on cancel and on drain.</param>
    /// <returns><see langword="null"/> once the whole response was sent. Else why it was not: it may have begun. It never throws what the
    /// function throws.</returns>
    public ValueTask<InvocationFailure?> RunAsync(
        in InvocationMetadata metadata, HttpRequestHead head, Stream body, IHttpOutput output, CancellationToken cancellationToken) =>
        RunAsync(new InvocationContext(project, Descriptor, in metadata), new WorkerHttpContext(head, body, output), cancellationToken);

    private async ValueTask<InvocationFailure?> RunAsync(InvocationContext context, WorkerHttpContext http, CancellationToken cancellationToken)
    {
        InvocationScope.Set(context);
        object? function = null;
        InvocationFailure? failure = null;
        try
        {
            if (project.HasMiddleware)
            {
                var pipeline = new InvocationPipeline(context, http, typeof(FunctionHttpContext), typeof(object), async (pipeline, token) =>
                {
                    function = factory.Create(context);
                    await call(function, (FunctionHttpContext)pipeline.Request!, context, token).ConfigureAwait(false);
                });
                await pipeline.RunAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                function = factory.Create(context);
                await call(function, http, context, cancellationToken).ConfigureAwait(false);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                failure = InvocationFaults.Cancelled(exception: null);
            }
            else
            {
                await http.EndAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // The edge of the user's code: whatever it throws is its answer.
            failure = InvocationFaults.OfFunction(exception, cancellationToken);
        }

        await InvocationCleanup.RunAsync(function, context.End(), context).ConfigureAwait(false);
        context.EndConsole();
        return failure;
    }
}

using System.Buffers;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>Runs a function that answers with items of one type.</summary>
internal sealed class StreamingInvoker<TRequest, TItem>(
    FunctionDescriptor descriptor, ProjectContext project, FunctionFactory factory, ItemsCall<TRequest, TItem> call)
    : StreamingInvoker(descriptor)
{
    private readonly PayloadBinder<TRequest> _binder = project.BinderOf<TRequest>(descriptor);
    private readonly JsonTypeInfo<TItem> _item = (JsonTypeInfo<TItem>)project.Json.GetTypeInfo(typeof(TItem));

    public override ValueTask<InvocationFailure?> StreamAsync(
        in InvocationMetadata metadata, ReadOnlySequence<byte> payload, ItemOutput output, CancellationToken cancellationToken) =>
        RunAsync(new InvocationContext(project, Descriptor, in metadata), payload, output, cancellationToken);

    // As in UnaryInvoker: all of the user's code runs inside this method, so that what it does to its context is undone.
    private async ValueTask<InvocationFailure?> RunAsync(
        InvocationContext context, ReadOnlySequence<byte> payload, ItemOutput output, CancellationToken cancellationToken)
    {
        InvocationScope.Set(context);
        if (_binder.Bind(in payload, out var request) is { } invalid)
        {
            context.End();
            context.EndConsole();
            return invalid;
        }

        object? function = null;
        InvocationFailure? failure;
        try
        {
            if (project.HasMiddleware)
            {
                failure = null;
                var pipeline = new InvocationPipeline(context, request, typeof(TRequest), typeof(object), async (pipeline, token) =>
                {
                    function = factory.Create(context);
                    failure = await EnumerateAsync(function, (TRequest)pipeline.Request!, context, output, token).ConfigureAwait(false);
                });
                await pipeline.RunAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                function = factory.Create(context);
                failure = await EnumerateAsync(function, request, context, output, cancellationToken).ConfigureAwait(false);
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

    private async ValueTask<InvocationFailure?> EnumerateAsync(
        object function, TRequest request, InvocationContext context, ItemOutput output, CancellationToken cancellationToken)
    {
        var items = call(function, request, context, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var _ = items.ConfigureAwait(false);
        while (await MoveNextAsync(items, output, cancellationToken).ConfigureAwait(false))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return InvocationFaults.Cancelled(exception: null); // Nobody waits for items that come after the token.
            }

            try
            {
                project.Lines.Serialize(output.Begin(), items.Current, _item);
                output.End();
            }
            catch (Exception exception)
            {
                // Getters and converters are the user's code, and so is an item that has no JSON.
                output.RollBack();
                return InvocationFaults.OfResult(exception, cancellationToken);
            }

            if (output.IsFull)
            {
                await output.SendAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return cancellationToken.IsCancellationRequested ? InvocationFaults.Cancelled(exception: null) : null;
    }

    // An item that is there leaves before the next one is waited for; items that come without waiting leave together.
    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<TItem> items, ItemOutput output, CancellationToken cancellationToken)
    {
        var next = items.MoveNextAsync();
        if (next.IsCompleted || !output.HasUnsent)
        {
            return await next.ConfigureAwait(false);
        }

        try
        {
            await output.SendAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await ((Task)next.AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // It cannot be disposed of while it moves.
            throw;
        }

        return await next.ConfigureAwait(false);
    }
}

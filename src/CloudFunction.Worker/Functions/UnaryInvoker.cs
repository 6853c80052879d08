using System.Buffers;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>Runs a function that gives one result for one request.</summary>
/// <typeparam name="TRequest">What the payload is bound to.</typeparam>
/// <typeparam name="TResponse">What the result is serialized from.</typeparam>
internal abstract class UnaryInvoker<TRequest, TResponse> : FunctionInvoker
{
    private readonly ProjectContext _project;
    private readonly FunctionFactory _factory;
    private readonly PayloadBinder<TRequest> _binder;
    private readonly JsonTypeInfo<TResponse> _response;
    private readonly bool _isDisposable;

    private protected UnaryInvoker(FunctionDescriptor descriptor, ProjectContext project, FunctionFactory factory, PayloadBinder<TRequest> binder)
        : base(descriptor)
    {
        _project = project;
        _factory = factory;
        _binder = binder;
        _response = (JsonTypeInfo<TResponse>)project.Json.GetTypeInfo(typeof(TResponse));
        _isDisposable = InvocationCleanup.IsNeededFor(descriptor.Implementation);
    }

    public sealed override ValueTask<InvocationFailure?> InvokeAsync(
        in InvocationMetadata metadata, ReadOnlySequence<byte> payload, IBufferWriter<byte> output, CancellationToken cancellationToken) =>
        RunAsync(new InvocationContext(_project, Descriptor, in metadata), payload, output, cancellationToken);

    /// <summary>Calls the interface's method on an instance of the function.</summary>
    private protected abstract ValueTask<TResponse> CallAsync(
        object function, TRequest request, FunctionContext context, CancellationToken cancellationToken);

    // All of the user's code runs inside this one async method, binding and constructor included: whatever it does to the execution
    // context (AsyncLocals, the culture) and to the synchronization context is undone when the method first returns to its caller.
    private async ValueTask<InvocationFailure?> RunAsync(
        InvocationContext context, ReadOnlySequence<byte> payload, IBufferWriter<byte> output, CancellationToken cancellationToken)
    {
        InvocationScope.Set(context);
        if (_binder.Bind(in payload, out var request) is { } invalid)
        {
            context.End();
            context.EndConsole(); // Of converters and constructors.
            return invalid;
        }

        object? function = null;
        Middleware? middleware = null;
        InvocationFailure? failure;
        try
        {
            TResponse? result;
            if (_project.HasMiddleware)
            {
                middleware = new Middleware(this);
                result = await middleware.RunAsync(request, context, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                function = _factory.Create(context);
                result = await CallAsync(function, request, context, cancellationToken).ConfigureAwait(false);
            }

            // Nobody waits for a result that comes after the token.
            failure = cancellationToken.IsCancellationRequested
                ? InvocationFaults.Cancelled(exception: null)
                : Serialize(output, result, cancellationToken);
        }
        catch (Exception exception)
        {
            // The edge of the user's code: whatever it throws is its answer.
            failure = InvocationFaults.OfFunction(exception, cancellationToken);
        }

        function ??= middleware?.Function;
        var scope = context.End();
        if (scope is not null || (_isDisposable && function is not null))
        {
            await InvocationCleanup.RunAsync(function, scope, context).ConfigureAwait(false);
        }

        context.EndConsole();
        return failure;
    }

    private InvocationFailure? Serialize(IBufferWriter<byte> output, TResponse? result, CancellationToken cancellationToken)
    {
        try
        {
            _project.Results.Serialize(output, result!, _response);
            return null;
        }
        catch (Exception exception)
        {
            // Getters and converters are the user's code, and so is a result that has no JSON.
            return InvocationFaults.OfResult(exception, cancellationToken);
        }
    }

    // Apart, so that an invocation without middleware carries none of it.
    private sealed class Middleware(UnaryInvoker<TRequest, TResponse> invoker)
    {
        public object? Function { get; private set; }

        public async ValueTask<TResponse?> RunAsync(TRequest request, InvocationContext context, CancellationToken cancellationToken)
        {
            var pipeline = new InvocationPipeline(context, request, typeof(TRequest), typeof(TResponse), RunFunctionAsync);
            await pipeline.RunAsync(cancellationToken).ConfigureAwait(false);
            return pipeline.ResponseAs<TResponse>();
        }

        private async ValueTask RunFunctionAsync(InvocationPipeline pipeline, CancellationToken cancellationToken)
        {
            Function = invoker._factory.Create((InvocationContext)pipeline.Context);
            pipeline.Response = await invoker.CallAsync(
                Function, (TRequest)pipeline.Request!, pipeline.Context, cancellationToken).ConfigureAwait(false);
        }
    }
}

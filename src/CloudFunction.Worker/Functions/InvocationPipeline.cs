using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Worker.Functions;

/// <summary>One invocation of a project with middleware, from the outermost to the function.</summary>
internal sealed class InvocationPipeline : FunctionInvocation
{
    private readonly InvocationContext _context;
    private readonly Type _requestType;
    private readonly Type _responseType;
    private readonly IFunctionMiddleware[] _middleware;
    private readonly FunctionNext _function;
    private object? _request;
    private object? _response;

    /// <param name="context">The invocation.</param>
    /// <param name="request">What was bound.</param>
    /// <param name="requestType">What may be put in its place.</param>
    /// <param name="responseType">What may be the answer.</param>
    /// <param name="function">Runs the function, given the pipeline.</param>
    /// <exception cref="Exception">Whatever a middleware's constructor throws.</exception>
    public InvocationPipeline(
        InvocationContext context,
        object? request,
        Type requestType,
        Type responseType,
        Func<InvocationPipeline, CancellationToken, ValueTask> function)
    {
        _context = context;
        _request = request;
        _requestType = requestType;
        _responseType = responseType;
        _function = token => function(this, token);
        _middleware = [.. context.Services.GetServices<IFunctionMiddleware>()];
    }

    public override FunctionContext Context => _context;

    public override object? Request
    {
        get => _request;
        set
        {
            Check(value, _requestType, "request");
            _request = value;
        }
    }

    public override object? Response
    {
        get => _response;
        set
        {
            Check(value, _responseType, "result");
            _response = value;
        }
    }

    /// <summary>Runs it all.</summary>
    public ValueTask RunAsync(CancellationToken cancellationToken) => Next(0)(cancellationToken);

    /// <summary>The answer; null where nobody has given one.</summary>
    /// <exception cref="InvalidOperationException">There is none, and null is none either.</exception>
    public TResponse? ResponseAs<TResponse>() =>
        _response is TResponse response ? response
        : default(TResponse) is null ? default
        : throw new InvalidOperationException(
            $"No middleware ran '{_context.Function}' and none set its Response, which is of type {typeof(TResponse).FullName} and cannot be null.");

    private FunctionNext Next(int index)
    {
        if (index == _middleware.Length)
        {
            return _function;
        }

        // A second run would have to undo the first one: its instance, its items, its response on the wire.
        var called = 0;
        var next = Next(index + 1);
        return token => _middleware[index].InvokeAsync(this, Once, token);

        ValueTask Once(CancellationToken token) => Interlocked.Exchange(ref called, 1) == 0
            ? next(token)
            : throw new InvalidOperationException(
                $"{_middleware[index].GetType().FullName} called next a second time, and an invocation runs once: retry inside of the function, or "
                + "queue the call with MaxAttempts.");
    }

    private void Check(object? value, Type type, string what)
    {
        if (value is null ? type.IsValueType && Nullable.GetUnderlyingType(type) is null : !type.IsInstanceOfType(value))
        {
            throw new ArgumentException(
                $"The {what} of '{_context.Function}' is of type {type.FullName}, and a middleware set {value?.GetType().FullName ?? "null"}.",
                nameof(value));
        }
    }
}

using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;

namespace CloudFunction.AspNetCore.Tests.Fakes;

internal sealed class FakeRouter : IInvocationRouter
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public (string Project, string Function) LastNames { get; private set; }

    public InvocationRequest LastRequest { get; private set; }

    public Func<InvocationRequest, CancellationToken, ValueTask<InvocationResult>> OnInvoke { get; set; } =
        static (_, _) => ValueTask.FromResult<InvocationResult>(new FakeResult("null"));

    public Rejection? Missing { get; set; }

    public Rejection? Check(string project, string function) => Missing;

    public ValueTask<InvocationResult> InvokeAsync(string project, string function, in InvocationRequest request, CancellationToken cancellationToken)
    {
        LastNames = (project, function);
        LastRequest = request;
        Interlocked.Increment(ref _calls);
        return OnInvoke(request, cancellationToken);
    }

    public void Answer(InvocationResult result) => OnInvoke = (_, _) => ValueTask.FromResult(result);
}

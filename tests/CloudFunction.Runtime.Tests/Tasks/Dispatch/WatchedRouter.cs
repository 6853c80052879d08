using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;

namespace CloudFunction.Runtime.Tests.Tasks.Dispatch;

/// <summary>A router that has no place while a test says so, and keeps how often it had none.</summary>
internal sealed class WatchedRouter(ITaskRouter router) : ITaskRouter
{
    private int _refused;

    /// <summary>Whether it has no place, and reports none.</summary>
    public bool IsSilent { get; set; }

    /// <summary>How often there was no place.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>What is done with a call's token before it is made.</summary>
    public Action<CancellationToken>? BeforeCall { get; set; }

    public Rejection? Check(string project, string function, out FunctionRoute? route) => router.Check(project, function, out route);

    public bool TryReserve(string project, string function, Action onRoom, out FunctionRoute? route)
    {
        route = null;
        var isReserved = !IsSilent && router.TryReserve(project, function, onRoom, out route);
        if (!isReserved)
        {
            Interlocked.Increment(ref _refused);
        }

        return isReserved;
    }

    public ValueTask<InvocationResult> InvokeReservedAsync(
        string project, string function, FunctionRoute route, in InvocationRequest request, CancellationToken cancellationToken)
    {
        BeforeCall?.Invoke(cancellationToken);
        return router.InvokeReservedAsync(project, function, route, request, cancellationToken);
    }
}

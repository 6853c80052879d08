using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Routing;

/// <summary>A function of a live deployment and the workers that run it.</summary>
/// <param name="Target">The function, as its calls meet it.</param>
/// <param name="Pool">The workers.</param>
internal sealed record FunctionRoute(FunctionTarget Target, WorkerPool Pool)
{
    /// <inheritdoc cref="FunctionTarget.Name"/>
    public string Name => Target.Name;

    /// <inheritdoc cref="FunctionTarget.Timeout"/>
    public TimeSpan Timeout => Target.Timeout;

    /// <inheritdoc cref="FunctionTarget.Exit"/>
    public void Exit() => Target.Exit();
}

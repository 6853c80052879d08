using System.Collections.Frozen;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Projects;

/// <summary>A deployment that serves, or is about to.</summary>
/// <param name="Deployment">What runs; its manifest holds the functions.</param>
/// <param name="Weight">Its part of the calls.</param>
/// <param name="Pool">Who runs it.</param>
/// <param name="Routes">Its functions as calls meet them.</param>
internal sealed record LiveDeployment(Deployment Deployment, int Weight, WorkerPool Pool, FrozenDictionary<string, FunctionRoute> Routes)
{
    /// <summary>How long a call that it runs may take at the most.</summary>
    public TimeSpan LongestTimeout { get; } = Routes.Values.Select(t => t.Timeout).DefaultIfEmpty().Max();
}

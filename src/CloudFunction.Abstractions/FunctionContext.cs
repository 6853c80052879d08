using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace CloudFunction;

/// <summary>What a function knows about the invocation that it runs. One instance serves one invocation and is not to be kept beyond it.</summary>
public abstract class FunctionContext
{
    /// <summary>The invocation's id: 32 lower-case hexadecimal digits, unique over hosts and time. It stands in every log record.</summary>
    public abstract string InvocationId { get; }

    /// <summary>The project's name.</summary>
    public abstract string Project { get; }

    /// <summary>The function's name.</summary>
    public abstract string Function { get; }

    /// <summary>The number of the deployment that runs, counted from 1 in each project.</summary>
    public abstract int Version { get; }

    /// <summary>Which attempt this is, from 1. Above 1 only for queued invocations.</summary>
    public abstract int Attempt { get; }

    /// <summary>When the invocation's time is up, in UTC. The function's token fires then.</summary>
    public abstract DateTimeOffset Deadline { get; }

    /// <summary>The caller's trace (W3C Trace Context), or the default value where the caller sent none.</summary>
    public abstract ActivityContext Trace { get; }

    /// <summary>Writes to the project's logs, with the invocation's ids on every record.</summary>
    public abstract ILogger Logger { get; }

    /// <summary>The invocation's own service scope, disposed after the result has been serialized.</summary>
    public abstract IServiceProvider Services { get; }

    /// <summary>The project's <c>appsettings.json</c>, overlaid by its environment.</summary>
    public abstract IConfiguration Configuration { get; }

    /// <summary>A directory of the project's own that outlives deployments and restarts. It exists.</summary>
    public abstract string DataDirectory { get; }
}

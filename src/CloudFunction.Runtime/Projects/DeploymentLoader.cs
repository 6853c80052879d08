using System.Collections.Frozen;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Projects;

/// <summary>Makes staged deployments ready to be live: starts their workers and finds out what functions they have. Thread safe.</summary>
internal sealed class DeploymentLoader(
    CloudFunctionOptions options, WorkerSupervisor supervisor, StagedDeployments staged, ProjectCounterStore counters, LogPipeline invocationLog,
    ProjectLog log, RuntimeStopping stopping, TimeProvider time)
{
    // A worker that did not load is gone within milliseconds; on a disk that hangs the next sweep removes what it leaves.
    private static readonly TimeSpan DiscardTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Starts workers for a deployment and waits until the first has loaded it.</summary>
    /// <exception cref="DeploymentException">It does not load; a version that never did is gone then, and so where this was cancelled.</exception>
    public async Task<LiveDeployment> LoadAsync(
        WeightedDeployment chosen, ProjectVariables variables, ProjectGates gates, CancellationToken cancellationToken)
    {
        var deployment = chosen.Deployment;
        var pool = MakePool(deployment, variables);
        supervisor.Add(pool);
        try
        {
            var ready = await pool.FirstReady.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            var functions = ready.Functions.Select(DeployedFunction.Of).ToArray();
            ProjectSchedules.Check(deployment.Project, functions);
            if (deployment.Manifest.Functions is null)
            {
                deployment = await staged.SetFunctionsAsync(deployment, functions, cancellationToken).ConfigureAwait(false);
                foreach (var skipped in ready.Skipped)
                {
                    log.Skipped(deployment.Project, deployment.Version, skipped);
                }
            }

            return Make(deployment, chosen.Weight, pool, functions, gates);
        }
        catch
        {
            await DiscardAsync(pool).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes a deployment that a worker has loaded before ready without one: the first call starts it.</summary>
    public LiveDeployment Rest(WeightedDeployment chosen, ProjectVariables variables, ProjectGates gates)
    {
        var pool = MakePool(chosen.Deployment, variables);
        pool.Wanted = false;
        pool.Asleep = true;
        pool.FirstReady.TrySetResult(new ReadyMessage([], []));
        supervisor.Add(pool);
        return Make(chosen.Deployment, chosen.Weight, pool, chosen.Deployment.Manifest.Functions!, gates);
    }

    /// <summary>Ends the workers of a deployment that was loaded and does not become live after all.</summary>
    public Task DiscardAsync(LiveDeployment loaded) => DiscardAsync(loaded.Pool);

    private async Task DiscardAsync(WorkerPool pool)
    {
        var gone = supervisor.RetireAsync(pool, TimeSpan.Zero, "its deployment does not serve");
        await gone.WaitAsync(DiscardTimeout, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var deployment = pool.Deployment;
        if (deployment.Manifest.Functions is null && gone.IsCompleted)
        {
            try
            {
                // Nobody can ever go back to it.
                await staged.RemoveAsync(deployment.Project, deployment.Version, stopping.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The disk fails, which the deploy's own error names; the version goes once there are KEEP_VERSIONS newer ones.
            }
        }
    }

    private WorkerPool MakePool(Deployment deployment, ProjectVariables variables)
    {
        var data = HostDirectory.Create(Path.Combine(options.DataDirectory, "projects", deployment.Project));
        return new WorkerPool(deployment, variables.Values, data, options.Workers, describe: deployment.Manifest.Functions is null, time);
    }

    private LiveDeployment Make(
        Deployment deployment, int weight, WorkerPool pool, IReadOnlyList<DeployedFunction> functions, ProjectGates gates) => new(
        deployment,
        weight,
        pool,
        functions
            .Select((function, number) => new FunctionRoute(
                gates.TargetOf(function, number, options.FunctionTimeout, RecorderOf(deployment.Project, function)), pool))
            .ToFrozenDictionary(route => route.Name, StringComparer.Ordinal));

    private FunctionRecorder RecorderOf(string project, DeployedFunction function) => new(
        counters.GetOrAdd(project).GetFunction(function.Name),
        options.InvocationLog ? new InvocationLog(invocationLog, project, function.Name, time) : null);
}

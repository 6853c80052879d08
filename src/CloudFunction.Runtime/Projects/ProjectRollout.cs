namespace CloudFunction.Runtime.Projects;

/// <summary>Makes versions ready beside what is live, and then lasting. Whatever fails, what is live goes on and nothing is left of the others.
/// Thread safe.</summary>
internal sealed class ProjectRollout(ProjectVersions versions, DeploymentLoader loader, TimeProvider time)
{
    /// <summary>Stages what is planned, loads it, and makes it what is live from the next start on.</summary>
    /// <param name="folder">The project's.</param>
    /// <param name="live">What is live of it.</param>
    /// <param name="plan">What is done: one of the steps that bring workers.</param>
    /// <param name="wanted">What for, with the workers' variables.</param>
    /// <param name="chosen">The versions where they are given; else empty.</param>
    /// <param name="cancellationToken">Calls it off, until all has loaded.</param>
    public async Task<RolledOut> RunAsync(
        ProjectFolder folder, LiveDeployments live, ProjectPlan plan, WantedState wanted, IReadOnlyList<WeightedDeployment> chosen,
        CancellationToken cancellationToken)
    {
        List<LiveDeployment> loaded = [];
        try
        {
            var began = time.GetTimestamp();
            var next = plan.Step switch
            {
                ProjectStep.Deploy => await versions.StageAsync(
                    folder.Name, wanted.Directory ?? folder.Directory, wanted.Source, cancellationToken).ConfigureAwait(false),
                ProjectStep.RunLive => await versions.RecheckLiveAsync(folder.Name).ConfigureAwait(false),
                _ => chosen,
            };
            var staged = time.GetTimestamp();
            foreach (var each in next)
            {
                loaded.Add(await LoadAsync(each, live, plan, wanted, cancellationToken).ConfigureAwait(false));
            }

            var ready = time.GetTimestamp();
            cancellationToken.ThrowIfCancellationRequested();
            wanted.Requirement?.Check([.. loaded.SelectMany(each => each.Routes.Keys).Distinct(StringComparer.Ordinal)]);
            wanted.Change?.Commit();
            var record = await versions.SetLiveAsync(folder.Name, loaded, isFolder: plan.Step == ProjectStep.Deploy).ConfigureAwait(false);
            return new RolledOut(loaded, record, time.GetElapsedTime(began, staged), time.GetElapsedTime(staged, ready), ready);
        }
        catch
        {
            foreach (var each in loaded.Where(each => !live.All.Any(other => ReferenceEquals(other.Pool, each.Pool))))
            {
                await loader.DiscardAsync(each).ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>Where the time went, once calls go to what was rolled out.</summary>
    public DeployTimings TimingsOf(RolledOut rolledOut) => new(rolledOut.Build, rolledOut.Load, time.GetElapsedTime(rolledOut.Ready));

    private async Task<LiveDeployment> LoadAsync(
        WeightedDeployment next, LiveDeployments live, ProjectPlan plan, WantedState wanted, CancellationToken cancellationToken)
    {
        var variables = wanted.Variables!;
        if (wanted.KeepsWorkers && variables.IsSameAs(live.Variables)
            && live.All.FirstOrDefault(each => each.Deployment.Version == next.Deployment.Version && each.Pool.Unhealthy is null) is { } running)
        {
            return running with { Weight = next.Weight };
        }

        return plan is { Step: ProjectStep.RunLive, AtRest: true } && next.Deployment.Manifest.Functions is not null
            ? loader.Rest(next, variables, live.Gates)
            : await loader.LoadAsync(next, variables, live.Gates, cancellationToken).ConfigureAwait(false);
    }
}

using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;

namespace CloudFunction.Runtime.Projects;

/// <summary>
/// One project: what is live of it, and the one way in which that changes, <see cref="ReachAsync"/>. Until what is wanted has loaded and is made
/// lasting, nothing has changed. Its operations are to come one after the other; reading it is possible at any time.
/// </summary>
internal sealed class Project(
    ProjectFolder folder, LiveDeployments deployments, ProjectVersions versions, ProjectRollout rollout, ProjectSchedules schedules,
    ProjectDecisions decisions, ProjectCatalog projects, ProjectDescriber describer, ProjectLog log, RuntimeStopping stopping) : IDisposable
{
    private readonly ProjectAvailability _availability = new(folder.Name, deployments, decisions, log);
    private volatile LiveRecord _record = LiveRecord.None;
    private TriedContent _tried = TriedContent.None;

    /// <summary>Where its source lies.</summary>
    public string Directory => folder.Directory;

    public string Name => folder.Name;

    /// <summary>Whether an operator has stopped it.</summary>
    public bool IsStopped => decisions.IsStopped(Name);

    /// <summary>What is live and run by workers, the version with the greatest part of the calls first; empty for nothing.</summary>
    public IReadOnlyList<LiveDeployment> Live => deployments.All;

    /// <summary>What is live, whether it runs or not, as it was last read or changed.</summary>
    public LiveRecord Record => _record;

    /// <summary>Whether all calls go to what was last deployed from the folder.</summary>
    public bool IsFolderLive => Live is [var one] && one.Deployment.Manifest.Fingerprint == _record.Folder;

    /// <summary>The project as calls meet it.</summary>
    public ProjectRoute Route => deployments.Route;

    /// <summary>What it can do now.</summary>
    public ProjectStatus Status => _availability.Status;

    /// <summary>Reads what an earlier host has kept of it. To be called once, before anything else. Where that cannot be read, it is read again when
    /// the project is to start.</summary>
    public async Task OpenAsync()
    {
        try
        {
            await ReadRecordAsync().ConfigureAwait(false);
        }
        catch (UnreadableException error)
        {
            _availability.RefuseRecord(error.Message);
        }
    }

    /// <summary>What can be reported of it now.</summary>
    public ProjectInfo Describe() => describer.Describe(this, _availability.Error);

    /// <summary>Brings it to a wanted state.</summary>
    /// <param name="wanted">What is wanted, and what is done with the folder on the way.</param>
    /// <param name="cancellationToken">Calls it off, until it is about to be made lasting: from there it goes to its end. What is called off
    /// counts as not tried.</param>
    /// <exception cref="CloudFunctionException">What is wanted cannot be; what was live still is, if it was.</exception>
    public async Task<ProjectOutcome> ReachAsync(WantedState wanted, CancellationToken cancellationToken)
    {
        var tried = _tried;
        try
        {
            if (wanted.EndsStop)
            {
                _availability.BeginStart();
                await decisions.SetStoppedAsync(Name, false, stopping.Token).ConfigureAwait(false);
            }

            var chosen = wanted.Weights is { } weights ? await versions.RecheckAsync(Name, weights).ConfigureAwait(false) : [];
            var facts = await ReadFactsAsync(wanted, cancellationToken).ConfigureAwait(false);
            _tried = _tried with { Folder = facts.Folder ?? _tried.Folder };
            var plan = ProjectPlan.For(wanted, facts);
            return await CarryOutAsync(plan, wanted with { Variables = wanted.Variables ?? facts.Variables }, chosen, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception error)
        {
            if (error is OperationCanceledException)
            {
                _tried = tried; // So the watcher still may try it.
            }

            if (wanted.EndsStop && !stopping.Token.IsCancellationRequested)
            {
                _availability.FailStart(error); // It failed before anything was tried.
            }
            else if (error is UnreadableException)
            {
                _availability.RefuseRecord(error.Message);
            }

            wanted.Change?.Rollback();
            throw;
        }
    }

    /// <summary>Stops it; calls that run may finish within TIMEOUT_GRACEFUL_SHUTDOWN.</summary>
    public async Task StopAsync()
    {
        await decisions.SetStoppedAsync(Name, true, stopping.Token).ConfigureAwait(false);
        await EndAsync("its project was stopped", _availability.RefuseAsStopped()).ConfigureAwait(false);
        log.Stopped(Name);
    }

    /// <summary>Ends its workers because there is no such project any more.</summary>
    public async Task EndAsync()
    {
        var rejection = new Rejection(RejectionReason.ProjectNotFound, $"There is no project '{Name}'.");
        await EndAsync("its project was removed", rejection).ConfigureAwait(false);
        Dispose();
        await schedules.SetAsync(Name, []).ConfigureAwait(false);
    }

    /// <summary>Rejects calls because it is stopped.</summary>
    public void RefuseAsStopped() => _availability.RefuseAsStopped();

    /// <summary>Rejects calls because the host stops.</summary>
    public void Shutdown() => deployments.Gates.Project.Close(new Rejection(RejectionReason.Draining, "The host is stopping."));

    /// <summary>Disables a function.</summary>
    public async Task DisableAsync(string function)
    {
        if (!decisions.IsDisabled(Name, function))
        {
            await decisions.DisableAsync(Name, function, stopping.Token).ConfigureAwait(false);
            await RerouteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Enables a function that was deployed just now.</summary>
    public async Task EnableAsync(string function)
    {
        if (decisions.IsDisabled(Name, function))
        {
            await decisions.RecordEnabledAsync(Name, function, stopping.Token).ConfigureAwait(false);
            await RerouteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Removes old versions and what copies that were cut short have left.</summary>
    public async Task CleanUpAsync()
    {
        await versions.SweepAsync(Name).ConfigureAwait(false);
        await versions.TrimAsync(Name, Live).ConfigureAwait(false);
    }

    public void Dispose() => deployments.Dispose();

    private Task EndAsync(string reason, Rejection rejection) => deployments.EndAsync(reason, rejection).WaitAsync(stopping.Token);

    private async Task<ProjectFacts> ReadFactsAsync(WantedState wanted, CancellationToken cancellationToken)
    {
        var facts = new ProjectFacts
        {
            IsStopped = IsStopped,
            IsRunning = Live.Count > 0,
            IsHealthy = Status == ProjectStatus.Running,
            IsAsleep = deployments.AreAsleep,
            LiveVariables = deployments.Variables,
            TriedFolder = _tried.Folder,
            TriedVariables = _tried.Variables,
        };
        if (!ProjectPlan.DependsOnFolder(wanted, facts))
        {
            return facts;
        }

        // What is deployed now does not depend on what was before, and so mends a record that is damaged.
        if (wanted.Goal != ProjectGoal.Deployed)
        {
            await ReadRecordAsync().ConfigureAwait(false);
        }

        return facts with
        {
            HasLive = _record.Deployments.Count > 0,
            DeployedFolder = _record.Folder,
            Folder = await folder.FingerprintAsync(cancellationToken).ConfigureAwait(false),
            Variables = wanted.Goal == ProjectGoal.Synced ? TryReadVariables() : null,
        };
    }

    private async Task ReadRecordAsync()
    {
        try
        {
            _record = await versions.ReadLiveAsync(Name).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableException(error.Message, error);
        }
    }

    private ProjectVariables? TryReadVariables()
    {
        try
        {
            var variables = folder.ReadVariables();
            _availability.AcceptVariables();
            return variables;
        }
        catch (DotEnvException error)
        {
            _availability.RefuseVariables(error.Message);
            return null;
        }
    }

    private async Task<ProjectOutcome> CarryOutAsync(
        ProjectPlan plan, WantedState wanted, IReadOnlyList<WeightedDeployment> chosen, CancellationToken cancellationToken)
    {
        switch (plan.Step)
        {
            case ProjectStep.None:
                return ProjectOutcome.Nothing;
            case ProjectStep.ClearError:
                _availability.ClearError();
                return ProjectOutcome.Nothing;
            case ProjectStep.ChangeFolder:
                wanted.Change?.Commit();
                return ProjectOutcome.Nothing;
        }

        ProjectOutcome outcome;
        try
        {
            outcome = await SwitchAsync(plan, wanted, chosen, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (plan.FallsBackAfter(error))
        {
            outcome = await SwitchAsync(new ProjectPlan(ProjectStep.RunLive, AtRest: plan.AtRest), wanted, chosen, cancellationToken)
                .ConfigureAwait(false);
            _availability.FallBack(error);
        }

        if (plan is { Step: ProjectStep.Deploy, AtRest: true })
        {
            deployments.Sleep();
        }

        return outcome;
    }

    private async Task<ProjectOutcome> SwitchAsync(
        ProjectPlan plan, WantedState wanted, IReadOnlyList<WeightedDeployment> chosen, CancellationToken cancellationToken)
    {
        var wasRunning = _availability.BeginChange();
        var functions = FunctionNames();
        try
        {
            _tried = _tried with { Variables = null };
            var variables = wanted.Variables ?? folder.ReadVariables(wanted.Directory);
            _tried = _tried with { Variables = variables };
            var next = await rollout.RunAsync(folder, deployments, plan, wanted with { Variables = variables }, chosen, cancellationToken)
                .ConfigureAwait(false);
            await GoLiveAsync(next, isFolder: plan.Step == ProjectStep.Deploy).ConfigureAwait(false);
            return new ProjectOutcome(FunctionChanges.Between(functions, FunctionNames()), rollout.TimingsOf(next));
        }
        catch (Exception error)
        {
            _availability.FailChange(error, isFinal: !wasRunning && !plan.FallsBackAfter(error) && !stopping.Token.IsCancellationRequested);
            throw;
        }
    }

    private async Task GoLiveAsync(RolledOut next, bool isFolder)
    {
        var first = next.Deployments[0].Deployment;
        _record = next.Record;
        _tried = _tried with { Folder = isFolder ? first.Manifest.Fingerprint : _tried.Folder };
        projects.Add(this); // Nothing happens where it is there already.
        deployments.Replace([.. next.Deployments]);
        _availability.EndChange();
        log.Serving(Name, first.Version, first.Manifest.Functions?.Count ?? 0);
        try
        {
            await versions.TrimAsync(Name, Live).ConfigureAwait(false);
            await decisions.RecordServingAsync(Name, stopping.Token).ConfigureAwait(false);
            await ScheduleAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.Token.IsCancellationRequested)
        {
            // It is live and lasting: what is left of it follows with the next start.
        }
    }

    private async Task RerouteAsync()
    {
        deployments.Reroute();
        if (Live.Count > 0)
        {
            await ScheduleAsync().ConfigureAwait(false);
        }
    }

    private Task ScheduleAsync() => schedules.SetAsync(Name, Live.Select(each => each.Deployment));

    private HashSet<string> FunctionNames() => Live.Count > 0
        ? [.. Live.SelectMany(each => each.Routes.Keys)]
        : [.. _record.Deployments.SelectMany(each => each.Deployment.Manifest.Functions ?? []).Select(each => each.Name)];
}

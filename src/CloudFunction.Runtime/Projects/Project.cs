using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;

namespace CloudFunction.Runtime.Projects;

/// <summary>
/// One project: what is live of it, and the one way in which that changes, <see cref="ReachAsync"/>. Until what is wanted has loaded and is made
/// lasting, nothing has changed. Its operations are to come one after the other; reading it is possible at any time.
/// </summary>
internal sealed class Project(
    ProjectFolder folder, LiveDeployments deployments, ProjectVersions versions, DeploymentLoader loader, ProjectSchedules schedules,
    ProjectDecisions decisions, ProjectCounterStore counters, ProjectCatalog projects, ProjectDescriber describer, CloudFunctionOptions options,
    ProjectLog log, TimeProvider time, RuntimeStopping stopping) : IDisposable
{
    private volatile LiveRecord _record = LiveRecord.None;
    private volatile bool _isStarting = true;
    private volatile string? _lastError;
    private ProjectVariables? _liveVariables;
    private ProjectVariables? _triedVariables;
    private string? _triedFolder;

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
    public ProjectStatus Status =>
        deployments.Unhealthy is not null ? ProjectStatus.Unhealthy
        : _isStarting ? ProjectStatus.Starting
        : deployments.All.Count > 0 ? ProjectStatus.Running
        : IsStopped ? ProjectStatus.Stopped
        : ProjectStatus.Failed;

    private Rejection StoppedRejection =>
        new(RejectionReason.ProjectStopped, $"Project '{Name}' is stopped. Start it with POST /api/v1/projects/{Name}/start.");

    /// <summary>Reads what an earlier host has kept of it. To be called once, before anything else.</summary>
    public async Task OpenAsync() => _record = await versions.ReadLiveAsync(Name).ConfigureAwait(false);

    /// <summary>What can be reported of it now.</summary>
    public ProjectInfo Describe() => describer.Describe(this, deployments.Unhealthy ?? _lastError);

    /// <summary>Brings it to a wanted state.</summary>
    /// <param name="wanted">The state.</param>
    /// <param name="cancellationToken">Calls it off, until it is about to be made lasting: from there it goes to its end. What is called off
    /// counts as not tried.</param>
    /// <exception cref="CloudFunctionException">What is wanted cannot be; what was live still is, if it was.</exception>
    public async Task<ProjectOutcome> ReachAsync(WantedState wanted, CancellationToken cancellationToken)
    {
        var tried = _triedFolder;
        try
        {
            if (wanted.EndsStop)
            {
                _isStarting |= Live.Count == 0;
                await SetStoppedAsync(false).ConfigureAwait(false);
            }

            var chosen = wanted.Weights is { } weights ? await versions.RecheckAsync(Name, weights).ConfigureAwait(false) : [];
            var facts = await LookAsync(wanted, cancellationToken).ConfigureAwait(false);
            _triedFolder = facts.Folder ?? _triedFolder;
            var plan = ProjectPlan.For(wanted, facts);
            return await CarryOutAsync(plan, wanted with { Variables = wanted.Variables ?? facts.Variables }, chosen, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception error)
        {
            if (error is OperationCanceledException)
            {
                _triedFolder = tried; // It has not been tried, so the watcher still may.
            }

            if (wanted.EndsStop && _isStarting && !stopping.Token.IsCancellationRequested)
            {
                var reason = ReasonOf(error);
                _lastError = error is OperationCanceledException ? _lastError : reason;
                Settle(reason); // It failed before anything was tried.
            }

            wanted.Change?.Rollback();
            throw;
        }
    }

    /// <summary>Stops it; calls that run may finish within TIMEOUT_GRACEFUL_SHUTDOWN.</summary>
    public async Task StopAsync()
    {
        await SetStoppedAsync(true).ConfigureAwait(false);
        RefuseAsStopped();
        await EndAsync("its project was stopped", StoppedRejection).ConfigureAwait(false);
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
    public void RefuseAsStopped()
    {
        _isStarting = false;
        deployments.Gates.Project.Close(StoppedRejection);
    }

    /// <summary>Rejects calls because the host stops.</summary>
    public void Shutdown() => deployments.Gates.Project.Close(new Rejection(RejectionReason.Draining, "The host is stopping."));

    /// <summary>Disables a function, or enables it.</summary>
    public async Task SetDisabledAsync(string function, bool isDisabled)
    {
        if (decisions.IsDisabled(Name, function) != isDisabled)
        {
            await decisions.SetDisabledAsync(Name, function, isDisabled, stopping.Token).ConfigureAwait(false);
            deployments.Reroute();
            if (Live.Count > 0)
            {
                await ScheduleAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes old versions and what copies that were cut short have left.</summary>
    public async Task CleanUpAsync()
    {
        await versions.SweepAsync(Name).ConfigureAwait(false);
        await versions.TrimAsync(Name, Live).ConfigureAwait(false);
    }

    public void Dispose() => deployments.Dispose();

    private Task EndAsync(string reason, Rejection rejection) =>
        deployments.EndAsync(options.GracefulShutdownTimeout, reason, rejection).WaitAsync(stopping.Token);

    private async Task<ProjectFacts> LookAsync(WantedState wanted, CancellationToken cancellationToken)
    {
        var facts = new ProjectFacts
        {
            IsStopped = IsStopped,
            IsRunning = Live.Count > 0,
            IsHealthy = Status == ProjectStatus.Running,
            IsAsleep = deployments.AreAsleep,
            LiveVariables = _liveVariables,
            TriedFolder = _triedFolder,
            TriedVariables = _triedVariables,
        };
        if (!ProjectPlan.DependsOnFolder(wanted, facts))
        {
            return facts;
        }

        _record = await versions.ReadLiveAsync(Name).ConfigureAwait(false);
        return facts with
        {
            HasLive = _record.Deployments.Count > 0,
            DeployedFolder = _record.Folder,
            Folder = await folder.FingerprintAsync(cancellationToken).ConfigureAwait(false),
            Variables = wanted.Goal == ProjectGoal.Synced ? TryReadVariables() : null,
        };
    }

    private ProjectVariables? TryReadVariables()
    {
        try
        {
            return folder.ReadVariables();
        }
        catch (DotEnvException error)
        {
            if (_lastError != error.Message)
            {
                _lastError = error.Message;
                LogRefused(error.Message);
            }

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
                _lastError = null;
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
            _lastError = error.Message;
            log.ServesOlder(Name, Live[0].Deployment.Version);
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
        var wasRunning = Status == ProjectStatus.Running;
        if (!wasRunning)
        {
            _isStarting = true;
            deployments.Gates.Project.Hold();
        }

        var (functions, tried) = (FunctionNames(), _triedVariables);
        List<LiveDeployment> loaded = [];
        try
        {
            var began = time.GetTimestamp();
            _triedVariables = null;
            var directory = wanted.Directory ?? Directory;
            var variables = _triedVariables = wanted.Variables ?? ProjectVariables.Read(directory);
            var next = plan.Step switch
            {
                ProjectStep.Deploy => await versions.StageAsync(Name, directory, wanted.Source, cancellationToken).ConfigureAwait(false),
                ProjectStep.RunLive => await versions.RecheckLiveAsync(Name).ConfigureAwait(false),
                _ => chosen,
            };
            var staged = time.GetTimestamp();
            foreach (var each in next)
            {
                loaded.Add(await LoadAsync(each, plan, wanted, variables, cancellationToken).ConfigureAwait(false));
            }

            var ready = time.GetTimestamp();
            cancellationToken.ThrowIfCancellationRequested();
            wanted.Requirement?.Check([.. loaded.SelectMany(each => each.Routes.Keys).Distinct(StringComparer.Ordinal)]);
            wanted.Change?.Commit();
            _record = await versions.SetLiveAsync(Name, loaded, isFolder: plan.Step == ProjectStep.Deploy).ConfigureAwait(false);
            await GoLiveAsync(loaded, variables, isFolder: plan.Step == ProjectStep.Deploy).ConfigureAwait(false);
            return new ProjectOutcome(
                FunctionChanges.Between(functions, FunctionNames()),
                new DeployTimings(time.GetElapsedTime(began, staged), time.GetElapsedTime(staged, ready), time.GetElapsedTime(ready)));
        }
        catch (Exception error)
        {
            // Whatever the cause, what was live goes on; what is reported of the project is why the new one does not.
            foreach (var each in loaded.Where(each => !Live.Any(live => ReferenceEquals(live.Pool, each.Pool))))
            {
                await loader.DiscardAsync(each).ConfigureAwait(false);
            }

            var isCalledOff = error is OperationCanceledException;
            var reason = ReasonOf(error);
            var isFailed = !wasRunning && !plan.FallsBackAfter(error) && Settle(reason);
            if (isCalledOff)
            {
                _triedVariables = tried;
            }
            else
            {
                _lastError = error.Message;
                if (!isFailed)
                {
                    LogRefused(error.Message);
                }
            }

            throw;
        }
    }

    private async Task<LiveDeployment> LoadAsync(
        WeightedDeployment next, ProjectPlan plan, WantedState wanted, ProjectVariables variables, CancellationToken cancellationToken)
    {
        if (wanted.KeepsWorkers && variables.IsSameAs(_liveVariables)
            && Live.FirstOrDefault(live => live.Deployment.Version == next.Deployment.Version && live.Pool.Unhealthy is null) is { } running)
        {
            return running with { Weight = next.Weight };
        }

        return plan is { Step: ProjectStep.RunLive, AtRest: true } && next.Deployment.Manifest.Functions is not null
            ? loader.Rest(next, variables, deployments.Gates)
            : await loader.LoadAsync(next, variables, deployments.Gates, cancellationToken).ConfigureAwait(false);
    }

    private async Task GoLiveAsync(List<LiveDeployment> loaded, ProjectVariables variables, bool isFolder)
    {
        var first = loaded[0].Deployment;
        _liveVariables = variables;
        _triedFolder = isFolder ? first.Manifest.Fingerprint : _triedFolder;
        _lastError = null;
        counters.GetOrAdd(Name).Touch();
        projects.Add(this); // Nothing happens where it is there already.
        deployments.Replace([.. loaded]);
        _isStarting = false;
        log.Serving(Name, first.Version, first.Manifest.Functions?.Count ?? 0);
        await versions.TrimAsync(Name, Live).ConfigureAwait(false);
        await StartLastinglyAsync().ConfigureAwait(false);
        await ScheduleAsync().ConfigureAwait(false);
    }

    // It is live already: a disk that is full now must not call that off.
    private async Task StartLastinglyAsync()
    {
        if (!IsStopped)
        {
            return;
        }

        decisions.SetStarted(Name);
        try
        {
            await counters.FlushAsync(stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.FlushFailed(e); // The store tries again every few seconds.
        }
    }

    private string ReasonOf(Exception error) =>
        error is OperationCanceledException ? _lastError ?? "its deployment was called off before it served; deploy it again" : error.Message;

    // Returns whether calls are rejected from now on because of this failure, which is logged under their rejection's id then.
    private bool Settle(string reason)
    {
        _isStarting = false;
        if (Live.Count > 0)
        {
            deployments.Resume(); // Unhealthy as before.
            return false;
        }

        if (IsStopped)
        {
            RefuseAsStopped();
            return false;
        }

        var rejection = Rejection.Failed(reason);
        log.Failed(Name, rejection.Id, reason);
        deployments.Gates.Project.Close(rejection);
        return true;
    }

    private async Task SetStoppedAsync(bool isStopped)
    {
        if (IsStopped != isStopped)
        {
            await decisions.SetStoppedAsync(Name, isStopped, stopping.Token).ConfigureAwait(false);
            counters.GetOrAdd(Name).Touch();
        }
    }

    private Task ScheduleAsync() => schedules.SetAsync(Name, Live.Select(each => each.Deployment));

    private HashSet<string> FunctionNames() => Live.Count > 0
        ? [.. Live.SelectMany(each => each.Routes.Keys)]
        : [.. _record.Deployments.SelectMany(each => each.Deployment.Manifest.Functions ?? []).Select(each => each.Name)];

    private void LogRefused(string reason)
    {
        if (Live.Count > 0)
        {
            log.DeployFailed(Name, Live[0].Deployment.Version, reason);
        }
        else
        {
            log.StartFailed(Name, reason);
        }
    }
}

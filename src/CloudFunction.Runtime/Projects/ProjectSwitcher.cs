using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Projects;

/// <summary>Takes a project from what serves to what is to serve, in one step: until that has loaded and is made lasting, nothing has changed. One change at
/// a time; reading is possible at any time.</summary>
internal sealed class ProjectSwitcher(string project, ProjectServing serving, ProjectVersions versions, ProjectCounters counters, ProjectServices services)
{
    private volatile ProjectPhase _phase = ProjectPhase.Starting;
    private volatile string? _lastError;
    private ProjectVariables? _liveVariables;

    /// <summary>What the project can do now.</summary>
    public ProjectStatus Status => _phase switch
    {
        ProjectPhase.Stopped => ProjectStatus.Stopped,
        ProjectPhase.Failed => ProjectStatus.Failed,
        _ when serving.Unhealthy is not null => ProjectStatus.Unhealthy,
        ProjectPhase.Starting => ProjectStatus.Starting,
        _ => ProjectStatus.Running,
    };

    /// <summary>Whether it is stopped.</summary>
    public bool IsStopped => _phase == ProjectPhase.Stopped;

    /// <summary>Why the last change was called off; null where it was not.</summary>
    public string? LastError => _lastError;

    /// <summary>The environment of the workers that serve; null for none.</summary>
    public ProjectVariables? LiveVariables => _liveVariables;

    /// <summary>The environment that was last tried, whatever came of it; null where it could not be read.</summary>
    public ProjectVariables? TriedVariables { get; private set; }

    /// <summary>What calls of a stopped project are told.</summary>
    public Rejection StoppedRejection =>
        new(RejectionReason.ProjectStopped, $"Project '{project}' is stopped. Start it with POST /api/v1/projects/{project}/start.");

    /// <summary>Rejects calls because it is stopped.</summary>
    public void MarkStopped()
    {
        _phase = ProjectPhase.Stopped;
        serving.Gate.Close(StoppedRejection);
    }

    /// <summary>Makes lasting whether an operator has stopped it.</summary>
    public async Task SetStoppedAsync(bool stopped)
    {
        if (services.Decisions.IsStopped(project) != stopped)
        {
            await services.Decisions.SetStoppedAsync(project, stopped, services.Stopping).ConfigureAwait(false);
            counters.Touch();
        }
    }

    /// <summary>Makes a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">Calls it off, until it is about to be made lasting: from there it goes to its end. What is called off counts
    /// as not tried.</param>
    /// <returns>The functions that serve now, sorted, what is new among them, and where the time went.</returns>
    /// <exception cref="CloudFunctionException">What is to serve does not; what did still does.</exception>
    public async Task<(IReadOnlyList<string> Functions, FunctionChanges Changes, DeployTimings Timings)> SwitchAsync(
        ProjectSwitch change, CancellationToken cancellationToken)
    {
        var wasRunning = Status == ProjectStatus.Running;
        var phase = _phase;
        if (!wasRunning)
        {
            _phase = ProjectPhase.Starting;
            serving.Gate.Hold();
        }

        var (before, tried) = (FunctionNames(), TriedVariables);
        List<LiveDeployment> loaded = [];
        try
        {
            var began = services.Time.GetTimestamp();
            TriedVariables = null;
            var variables = TriedVariables = change.ReadVariables();
            var chosen = await change.Choose(cancellationToken).ConfigureAwait(false);
            var staged = services.Time.GetTimestamp();
            foreach (var each in chosen)
            {
                loaded.Add(await PrepareAsync(each, change, variables, cancellationToken).ConfigureAwait(false));
            }

            var ready = services.Time.GetTimestamp();
            cancellationToken.ThrowIfCancellationRequested();
            change.Commit?.Invoke(loaded);
            await versions.SetLiveAsync(loaded, change.IsFolder).ConfigureAwait(false);
            GoLive(loaded, variables);
            await versions.TrimAsync(serving.Live).ConfigureAwait(false);
            await StartLastinglyAsync().ConfigureAwait(false);
            await serving.ScheduleAsync().ConfigureAwait(false);
            var names = FunctionNames();
            return (
                [.. names.Order(StringComparer.Ordinal)],
                FunctionChanges.Between(before, names),
                new DeployTimings(
                    services.Time.GetElapsedTime(began, staged), services.Time.GetElapsedTime(staged, ready), services.Time.GetElapsedTime(ready)));
        }
        catch (Exception error)
        {
            // Whatever the cause, what served before goes on; what is said of the project is why the new one does not.
            foreach (var each in loaded.Where(each => !serving.Live.Any(live => ReferenceEquals(live.Pool, each.Pool))))
            {
                await serving.DiscardAsync(each).ConfigureAwait(false);
            }

            var isCalledOff = error is OperationCanceledException;
            var reason = isCalledOff ? _lastError ?? "its deployment was called off before it served; deploy it again" : error.Message;
            var isFailed = !wasRunning && !change.HasFallback && FallBack(phase, reason);
            if (isCalledOff)
            {
                TriedVariables = tried;
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

    /// <summary>What was called off is no longer wanted.</summary>
    public void ForgetError() => _lastError = null;

    /// <summary>Says that what serves is not what its folder holds, and why.</summary>
    public void SayOlderServes(string reason)
    {
        _lastError = reason;
        ProjectLog.ServesOlder(services.Logger, project, serving.Live[0].Deployment.Version);
    }

    /// <summary>Says why something that was to serve does not.</summary>
    public void Complain(string reason)
    {
        _lastError = reason;
        LogRefused(reason);
    }

    private void LogRefused(string reason)
    {
        if (serving.Live.Count > 0)
        {
            ProjectLog.DeployFailed(services.Logger, project, serving.Live[0].Deployment.Version, reason);
        }
        else
        {
            ProjectLog.StartFailed(services.Logger, project, reason);
        }
    }

    private async Task<LiveDeployment> PrepareAsync(
        WeightedDeployment chosen, ProjectSwitch change, ProjectVariables variables, CancellationToken cancellationToken)
    {
        if (change.KeepsWorkers && variables.IsSameAs(_liveVariables)
            && serving.Live.FirstOrDefault(live => live.Deployment.Version == chosen.Deployment.Version && live.Pool.Unhealthy is null) is { } running)
        {
            return running with { Weight = chosen.Weight };
        }

        return change.AtRest && chosen.Deployment.Manifest.Functions is not null
            ? serving.Rest(chosen, variables)
            : await serving.LoadAsync(chosen, variables, cancellationToken).ConfigureAwait(false);
    }

    private void GoLive(List<LiveDeployment> loaded, ProjectVariables variables)
    {
        var active = loaded[0].Deployment;
        _liveVariables = variables;
        _lastError = null;
        counters.Touch();
        serving.Serve([.. loaded]);
        _phase = ProjectPhase.Serving;
        ProjectLog.Serving(services.Logger, project, active.Version, active.Manifest.Functions?.Count ?? 0);
    }

    // It serves already: a disk that is full now must not call that off.
    private async Task StartLastinglyAsync()
    {
        if (!services.Decisions.IsStopped(project))
        {
            return;
        }

        services.Decisions.SetStarted(project);
        try
        {
            await services.Counters.FlushAsync(services.Stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ProjectLog.FlushFailed(services.Logger, e); // The store tries again every few seconds.
        }
    }

    // Returns whether calls are rejected from now on because of this failure, which is logged under their rejection's id then.
    private bool FallBack(ProjectPhase phase, string reason)
    {
        if (serving.Live.Count > 0)
        {
            _phase = phase;
            serving.Resume(); // Unhealthy as before.
            return false;
        }

        if (phase == ProjectPhase.Stopped && services.Decisions.IsStopped(project))
        {
            MarkStopped();
            return false;
        }

        var rejection = Rejection.Failed(reason);
        ProjectLog.Failed(services.Logger, project, rejection.Id, reason);
        _phase = ProjectPhase.Failed;
        serving.Gate.Close(rejection);
        return true;
    }

    private HashSet<string> FunctionNames() => serving.Live.Count > 0
        ? [.. serving.Live.SelectMany(each => each.Targets.Keys)]
        : [.. versions.Live.SelectMany(each => each.Deployment.Manifest.Functions ?? []).Select(each => each.Name)];
}

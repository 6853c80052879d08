using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Projects;

/// <summary>One project: takes it from its folder to workers that serve it, and back. Its operations are to come one after the other; reading it is
/// possible at any time.</summary>
internal sealed class ProjectRuntime : IDisposable
{
    private readonly ProjectServices _services;
    private readonly ProjectServing _serving;
    private readonly ProjectRecord _record;
    private volatile ProjectPhase _phase = ProjectPhase.Starting;
    private volatile string? _lastError;
    private string? _seenFolder;
    private ProjectVariables? _triedVariables;
    private ProjectVariables? _liveVariables;

    public ProjectRuntime(ProjectCandidate folder, ProjectServices services)
    {
        Folder = folder;
        _services = services;
        _record = services.States.GetOrAdd(folder.Name);
        _serving = new ProjectServing(folder.Name, _record, services);
    }

    /// <summary>Where its source lies.</summary>
    public ProjectCandidate Folder { get; }

    public string Name => Folder.Name;

    /// <summary>Whether an operator stopped it, perhaps before the host last started.</summary>
    public bool IsStopped => _record.IsStopped;

    /// <summary>What serves, the version with the greatest part of the calls first; empty for nothing.</summary>
    public IReadOnlyList<LiveDeployment> Live => _serving.Live;

    public ProjectStatus Status => _phase switch
    {
        ProjectPhase.Stopped => ProjectStatus.Stopped,
        ProjectPhase.Failed => ProjectStatus.Failed,
        _ when _serving.Unhealthy is not null => ProjectStatus.Unhealthy,
        ProjectPhase.Starting => ProjectStatus.Starting,
        _ => ProjectStatus.Running,
    };

    /// <summary>The project as calls meet it.</summary>
    public ProjectRoute Route => _serving.Route;

    /// <summary>What can be said of it now.</summary>
    public ProjectInfo Describe() => ProjectDescription.Of(Folder, () => Status, _serving, _lastError, _record, _services);

    /// <summary>Starts it, unless it runs and is healthy: with what its folder holds where that has changed since it was last deployed, else, and where
    /// the folder does not do, with the version that served last.</summary>
    /// <param name="atRest">Whether no worker is to be started before somebody calls, as far as that can be.</param>
    /// <exception cref="CloudFunctionException">Nothing serves, and why.</exception>
    public async Task StartAsync(bool atRest = false)
    {
        await SetStoppedAsync(false).ConfigureAwait(false);
        if (Status == ProjectStatus.Running)
        {
            return;
        }

        if (await IsFolderUnchangedAsync().ConfigureAwait(false))
        {
            await SwitchAsync(Latest(ReadVariables, atRest)).ConfigureAwait(false);
            return;
        }

        try
        {
            await DeployFolderAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException && FindLatest().Count > 0)
        {
            await ServeLatestInsteadAsync(Latest(ReadVariables, atRest), error).ConfigureAwait(false);
        }

        if (atRest)
        {
            _serving.Sleep();
        }
    }

    /// <summary>Replaces its workers with no gap, or starts it; likewise with the folder's content where that has changed.</summary>
    /// <exception cref="CloudFunctionException">The new ones do not serve; the old ones still do, if they did.</exception>
    public async Task RestartAsync()
    {
        await SetStoppedAsync(false).ConfigureAwait(false);
        if (await IsFolderUnchangedAsync().ConfigureAwait(false))
        {
            await SwitchAsync(Latest(ReadVariables, atRest: false)).ConfigureAwait(false);
        }
        else
        {
            await DeployFolderAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes what has changed in its folder since it was last looked at: deploys other content, and gives the workers another environment.
    /// What was tried once is not tried again until it changes.</summary>
    /// <exception cref="CloudFunctionException">What is there now does not serve; what did still does.</exception>
    public async Task SyncAsync()
    {
        if (_phase == ProjectPhase.Stopped)
        {
            return; // Its next start looks.
        }

        var folder = await FingerprintAsync().ConfigureAwait(false);
        var variables = ReadVariablesOnce();
        var hasOtherVariables = variables is not null && !variables.IsSameAs(_triedVariables);
        if (folder == _seenFolder && !hasOtherVariables)
        {
            return;
        }

        if (folder == _services.Deployments.ReadActive(Name).Folder && FindLatest().Count > 0)
        {
            _seenFolder = folder;
            if (hasOtherVariables || Status != ProjectStatus.Running)
            {
                await SwitchAsync(Latest(() => variables ?? ReadVariables(), atRest: false)).ConfigureAwait(false);
            }

            return;
        }

        try
        {
            await DeployFolderAsync().ConfigureAwait(false);
        }
        catch (CloudFunctionException error) when (hasOtherVariables && Live.Count > 0)
        {
            await ServeLatestInsteadAsync(Latest(() => variables!, atRest: false), error).ConfigureAwait(false);
        }
    }

    /// <summary>Deploys the content of its folder.</summary>
    /// <param name="commit">See <see cref="ProjectSwitch.Commit"/>.</param>
    /// <exception cref="CloudFunctionException">It does not serve; what did still does.</exception>
    public async Task<DeployResult> DeployFolderAsync(Action<IReadOnlyList<LiveDeployment>>? commit = null)
    {
        _seenFolder = await FingerprintAsync().ConfigureAwait(false);
        return await DeployAsync(Folder.Directory, DeploymentSource.Folder, ReadVariables, commit).ConfigureAwait(false);
    }

    /// <summary>Deploys a folder that is, or is to become, the project's.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="source">Where it came from: one of <see cref="DeploymentSource"/>.</param>
    /// <param name="readVariables">Says the environment of the workers; throws where that is wrong.</param>
    /// <param name="commit">See <see cref="ProjectSwitch.Commit"/>.</param>
    /// <exception cref="CloudFunctionException">It does not serve; what did still does.</exception>
    public Task<DeployResult> DeployAsync(
        string directory, string source, Func<ProjectVariables> readVariables, Action<IReadOnlyList<LiveDeployment>>? commit) =>
        SwitchAsync(new ProjectSwitch(
            async () => [new WeightedDeployment(await _services.Stager.StageAsync(Name, directory, _services.Stopping, source).ConfigureAwait(false), 100)], readVariables)
        {
            Commit = commit,
            IsFolder = true,
        });

    /// <summary>Makes versions serve that are there already.</summary>
    /// <param name="weights">Their parts of the calls, each above 0.</param>
    /// <param name="keepsWorkers">Whether workers that run one of them go on.</param>
    /// <exception cref="ProjectException">There is no such version.</exception>
    /// <exception cref="CloudFunctionException">One does not serve; what did still does.</exception>
    public Task<DeployResult> ServeVersionsAsync(IReadOnlyDictionary<int, int> weights, bool keepsWorkers)
    {
        var chosen = weights.OrderByDescending(each => each.Value).ThenByDescending(each => each.Key).Select(each => new WeightedDeployment(Find(each.Key), each.Value)).ToArray();
        return SwitchAsync(new ProjectSwitch(() => Task.FromResult<IReadOnlyList<WeightedDeployment>>(chosen), ReadVariables)
        {
            KeepsWorkers = keepsWorkers,
        });
    }

    /// <summary>Gives its workers another environment, by swapping them, if it runs.</summary>
    /// <param name="variables">The environment.</param>
    /// <param name="commit">Makes it lasting.</param>
    /// <exception cref="CloudFunctionException">With it nothing serves; what did still does.</exception>
    public Task ChangeVariablesAsync(ProjectVariables variables, Action commit)
    {
        if (Live.Count > 0)
        {
            return SwitchAsync(Latest(() => variables, atRest: false) with { Commit = _ => commit() });
        }

        commit();
        return Task.CompletedTask;
    }

    /// <summary>Stops it; calls that run may finish within TIMEOUT_GRACEFUL_SHUTDOWN.</summary>
    public async Task StopAsync()
    {
        await SetStoppedAsync(true).ConfigureAwait(false);
        MarkStopped();
        await EndAsync("its project was stopped", StoppedRejection).ConfigureAwait(false);
        ProjectLog.Stopped(_services.Logger, Name);
    }

    /// <summary>Ends its workers because there is no such project any more.</summary>
    public Task EndAsync() => EndAsync("its project was removed", new Rejection(RejectionReason.ProjectNotFound, $"There is no project '{Name}'."));

    /// <summary>Rejects calls because it is stopped.</summary>
    public void MarkStopped()
    {
        _phase = ProjectPhase.Stopped;
        _serving.Gate.Close(StoppedRejection);
    }

    /// <summary>Rejects calls because the host stops.</summary>
    public void Shutdown() => _serving.Gate.Close(new Rejection(RejectionReason.Draining, "The host is stopping."));

    /// <summary>Disables a function, or enables it.</summary>
    public async Task SetDisabledAsync(string function, bool isDisabled)
    {
        var counters = _record.GetFunction(function);
        if (counters.IsDisabled != isDisabled)
        {
            counters.SetDisabled(isDisabled);
            await _services.States.FlushAsync(_services.Stopping).ConfigureAwait(false);
            _serving.Reroute();
        }
    }

    /// <summary>Removes old versions and what copies that were cut short have left.</summary>
    public void CleanUp()
    {
        _services.Deployments.Sweep(Name);
        Trim();
    }

    public void Dispose() => _serving.Dispose();

    private Rejection StoppedRejection =>
        new(RejectionReason.ProjectStopped, $"Project '{Name}' is stopped. Start it with POST /api/v1/projects/{Name}/start.");

    private async Task<DeployResult> SwitchAsync(ProjectSwitch change)
    {
        var wasRunning = Status == ProjectStatus.Running;
        var phase = _phase;
        if (!wasRunning)
        {
            _phase = ProjectPhase.Starting;
            _serving.Gate.Hold();
        }

        var before = FunctionNames();
        List<LiveDeployment> loaded = [];
        try
        {
            var began = _services.Time.GetTimestamp();
            _triedVariables = null;
            var variables = _triedVariables = change.ReadVariables();
            var chosen = await change.Choose().ConfigureAwait(false);
            var staged = _services.Time.GetTimestamp();
            foreach (var each in chosen)
            {
                loaded.Add(await PrepareAsync(each, change, variables).ConfigureAwait(false));
            }

            var ready = _services.Time.GetTimestamp();
            change.Commit?.Invoke(loaded);
            await SetStoppedAsync(false).ConfigureAwait(false);
            GoLive(loaded, change, variables);
            var names = FunctionNames();
            return new DeployResult(
                Describe(), loaded[0].Deployment.Version, [.. names.Order(StringComparer.Ordinal)], FunctionChanges.Between(before, names),
                new DeployTimings(
                    _services.Time.GetElapsedTime(began, staged), _services.Time.GetElapsedTime(staged, ready), _services.Time.GetElapsedTime(ready)));
        }
        catch (Exception error)
        {
            // Whatever the cause, what served before goes on; what is said of the project is why the new one does not.
            foreach (var each in loaded.Where(each => !Live.Any(live => ReferenceEquals(live.Pool, each.Pool))))
            {
                await _serving.DiscardAsync(each).ConfigureAwait(false);
            }

            if (error is not OperationCanceledException)
            {
                Complain(error.Message);
            }

            if (!wasRunning)
            {
                FallBack(phase, error.Message);
            }

            throw;
        }
    }

    private async Task<LiveDeployment> PrepareAsync(WeightedDeployment chosen, ProjectSwitch change, ProjectVariables variables)
    {
        if (change.KeepsWorkers && variables.IsSameAs(_liveVariables)
            && Live.FirstOrDefault(live => live.Deployment.Version == chosen.Deployment.Version && live.Pool.Unhealthy is null) is { } running)
        {
            return running with { Weight = chosen.Weight };
        }

        return change.AtRest && chosen.Deployment.Manifest.Functions is not null
            ? _serving.Rest(chosen, variables)
            : await _serving.LoadAsync(chosen, variables).ConfigureAwait(false);
    }

    private void GoLive(List<LiveDeployment> loaded, ProjectSwitch change, ProjectVariables variables)
    {
        var active = loaded[0].Deployment;
        if (change.IsFolder)
        {
            _seenFolder = active.Manifest.Fingerprint;
        }

        _services.Deployments.SetActive(
            Name,
            active.Version,
            loaded.Count == 1 ? null : loaded.ToDictionary(each => each.Deployment.Version, each => each.Weight),
            change.IsFolder ? active.Manifest.Fingerprint : null);
        _liveVariables = variables;
        _lastError = null;
        _record.Touch();
        _serving.Serve([.. loaded]);
        _phase = ProjectPhase.Serving;
        ProjectLog.Serving(_services.Logger, Name, active.Version, active.Manifest.Functions?.Count ?? 0);
        Trim();
    }

    private void Complain(string reason)
    {
        _lastError = reason;
        if (Live.Count > 0)
        {
            ProjectLog.DeployFailed(_services.Logger, Name, Live[0].Deployment.Version, reason);
        }
        else
        {
            ProjectLog.StartFailed(_services.Logger, Name, reason);
        }
    }

    private void FallBack(ProjectPhase phase, string reason)
    {
        if (Live.Count > 0)
        {
            _phase = phase;
            _serving.Resume(); // Unhealthy as before.
            return;
        }

        if (phase == ProjectPhase.Stopped && IsStopped)
        {
            MarkStopped();
            return;
        }

        _phase = ProjectPhase.Failed;
        _serving.Gate.Close(new Rejection(RejectionReason.Unhealthy, $"Project '{Name}' has no deployment that loads: {reason}"));
    }

    private Task EndAsync(string reason, Rejection rejection) =>
        _serving.EndAsync(_services.Options.GracefulShutdownTimeout, reason, rejection).WaitAsync(_services.Stopping);

    // What the folder holds counts as changed too where it can be no deployment: the error is then told by the attempt to deploy it.
    private async Task<bool> IsFolderUnchangedAsync()
    {
        _seenFolder = await FingerprintAsync().ConfigureAwait(false);
        return FindLatest().Count > 0 && _seenFolder == _services.Deployments.ReadActive(Name).Folder;
    }

    private async Task<string> FingerprintAsync()
    {
        try
        {
            return await _services.Stager.FingerprintAsync(Folder.Directory, _services.Stopping).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DeploymentException or SourceReadException)
        {
            return error.Message; // As good as any: it is no other content's.
        }
    }

    private async Task ServeLatestInsteadAsync(ProjectSwitch latest, Exception error)
    {
        await SwitchAsync(latest).ConfigureAwait(false);
        _lastError = error.Message;
        ProjectLog.ServesOlder(_services.Logger, Name, Live[0].Deployment.Version);
    }

    private ProjectVariables ReadVariables() => ProjectVariables.Read(Folder.Directory);

    private ProjectVariables? ReadVariablesOnce()
    {
        try
        {
            return ReadVariables();
        }
        catch (DotEnvException error)
        {
            if (_lastError != error.Message)
            {
                Complain(error.Message);
            }

            return null;
        }
    }

    /// <summary>What served last, as far as it is still there.</summary>
    private IReadOnlyList<WeightedDeployment> FindLatest()
    {
        var active = _services.Deployments.ReadActive(Name);
        IEnumerable<int> versions = active.Traffic?.Keys ?? (active.Version is { } one ? [one] : []);
        return
        [
            .. versions.Select(version => _services.Deployments.Find(Name, version)).OfType<Deployment>()
                .Select(deployment => new WeightedDeployment(deployment, active.WeightOf(deployment.Version)))
                .OrderByDescending(each => each.Deployment.Version == active.Version),
        ];
    }

    private ProjectSwitch Latest(Func<ProjectVariables> readVariables, bool atRest) => new(
        () => Task.FromResult<IReadOnlyList<WeightedDeployment>>([.. FindLatest().Select(each => each with { Deployment = _services.Stager.Recheck(each.Deployment) })]),
        readVariables)
    {
        AtRest = atRest,
    };

    private Deployment Find(int version) => _services.Deployments.Find(Name, version) is { } found
        ? _services.Stager.Recheck(found)
        : throw new ProjectException(
            ProjectErrorCode.VersionNotFound,
            $"Project '{Name}' has no version {version}; it has {string.Join(", ", _services.Deployments.List(Name).Select(each => each.Version))}.")
        {
            Field = "version",
        };

    private HashSet<string> FunctionNames() => Live.Count > 0
        ? [.. Live.SelectMany(each => each.Targets.Keys)]
        : [.. FindLatest().SelectMany(each => each.Deployment.Manifest.Functions ?? []).Select(each => each.Name)];

    private void Trim()
    {
        var inUse = _services.Supervisor.Workers.Select(w => w.Pool?.Deployment).OfType<Deployment>().Where(d => d.Project == Name)
            .Concat(Live.Select(each => each.Deployment));
        try
        {
            _services.Deployments.Trim(Name, _services.Options.KeepVersions, [.. inUse.Select(d => d.Version).Distinct()]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ProjectLog.TrimFailed(_services.Logger, Name, e); // The next deployment tries again.
        }
    }

    private async Task SetStoppedAsync(bool stopped)
    {
        if (_record.IsStopped != stopped)
        {
            _record.SetStopped(stopped);
            await _services.States.FlushAsync(_services.Stopping).ConfigureAwait(false);
        }
    }
}

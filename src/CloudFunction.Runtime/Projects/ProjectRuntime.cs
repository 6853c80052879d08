using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Projects;

/// <summary>One project: takes it from its folder to workers that serve it, and back. Its operations are to come one after the other; reading it is
/// possible at any time.</summary>
internal sealed class ProjectRuntime : IDisposable
{
    private readonly ProjectServices _services;
    private readonly ProjectServing _serving;
    private readonly ProjectCounters _counters;
    private readonly ProjectVersions _versions;
    private readonly ProjectSwitcher _switcher;
    private string? _seenFolder;
    private SeenFolder? _lastLook;

    private ProjectRuntime(ProjectCandidate folder, ProjectServices services)
    {
        Folder = folder;
        _services = services;
        _counters = services.Counters.GetOrAdd(folder.Name);
        _serving = new ProjectServing(folder.Name, _counters, services);
        _versions = new ProjectVersions(folder.Name, services);
        _switcher = new ProjectSwitcher(folder.Name, _serving, _versions, _counters, services);
    }

    /// <summary>A project, with what an earlier host has kept of it.</summary>
    public static async Task<ProjectRuntime> OpenAsync(ProjectCandidate folder, ProjectServices services)
    {
        var project = new ProjectRuntime(folder, services);
        await project._versions.ReadAsync().ConfigureAwait(false);
        return project;
    }

    /// <summary>Where its source lies.</summary>
    public ProjectCandidate Folder { get; }

    public string Name => Folder.Name;

    /// <summary>Whether an operator stopped it, perhaps before the host last started.</summary>
    public bool IsStopped => _services.Decisions.IsStopped(Name);

    /// <summary>Whether all calls go to what was last deployed from the folder.</summary>
    public bool IsFolderServing => Live is [var one] && one.Deployment.Manifest.Fingerprint == _versions.LastFolder;

    /// <summary>What serves, the version with the greatest part of the calls first; empty for nothing.</summary>
    public IReadOnlyList<LiveDeployment> Live => _serving.Live;

    public ProjectStatus Status => _switcher.Status;

    /// <summary>The project as calls meet it.</summary>
    public ProjectRoute Route => _serving.Route;

    /// <summary>What can be said of it now.</summary>
    public ProjectInfo Describe() => ProjectDescription.Of(Folder, () => Status, _serving, _versions, _switcher.LastError, _counters, _services);

    /// <summary>Starts it, unless it runs and is healthy: with what its folder holds where that has changed since it was last deployed, else, and where
    /// the folder does not do, with the version that served last.</summary>
    /// <param name="atRest">Whether no worker is to be started before somebody calls, as far as that can be.</param>
    /// <exception cref="CloudFunctionException">Nothing serves, and why.</exception>
    public async Task StartAsync(bool atRest = false)
    {
        await _switcher.SetStoppedAsync(false).ConfigureAwait(false);
        if (Status == ProjectStatus.Running)
        {
            return;
        }

        if (await IsFolderUnchangedAsync().ConfigureAwait(false))
        {
            await _switcher.SwitchAsync(Latest(ReadVariables, atRest), _services.Stopping).ConfigureAwait(false);
            return;
        }

        try
        {
            await DeploySeenFolderAsync(_services.Stopping, hasFallback: _versions.Live.Count > 0).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException && _versions.Live.Count > 0)
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
        if (Live.Count == 0)
        {
            await StartAsync().ConfigureAwait(false);
            return;
        }

        await _switcher.SetStoppedAsync(false).ConfigureAwait(false);
        if (await IsFolderUnchangedAsync().ConfigureAwait(false))
        {
            await _switcher.SwitchAsync(Latest(ReadVariables, atRest: false), _services.Stopping).ConfigureAwait(false);
        }
        else
        {
            await DeploySeenFolderAsync(_services.Stopping).ConfigureAwait(false);
        }
    }

    /// <summary>Replaces its workers by new ones of the same versions, if it serves: what their environment is made of has changed.</summary>
    /// <exception cref="CloudFunctionException">The new ones do not serve; the old ones still do.</exception>
    public Task ReloadAsync() => Live.Count == 0
        ? Task.CompletedTask
        : _switcher.SwitchAsync(Latest(ReadVariables, _serving.IsAsleep), _services.Stopping);

    /// <summary>Takes what has changed in its folder since it was last looked at: deploys other content, and gives the workers another environment.
    /// What was tried once is not tried again until it changes.</summary>
    /// <exception cref="CloudFunctionException">What is there now does not serve; what did still does.</exception>
    public async Task SyncAsync()
    {
        if (_switcher.IsStopped)
        {
            return; // Its next start looks.
        }

        var folder = await FingerprintAsync(_services.Stopping).ConfigureAwait(false);
        var variables = ReadVariablesOnce();
        var hasOtherVariables = variables is not null && !variables.IsSameAs(_switcher.TriedVariables);
        if (folder == _seenFolder && !hasOtherVariables)
        {
            return;
        }

        _seenFolder = folder;
        await _versions.ReadAsync().ConfigureAwait(false);
        if (folder == _versions.LastFolder && _versions.Live.Count > 0)
        {
            if (hasOtherVariables || Status != ProjectStatus.Running)
            {
                await _switcher.SwitchAsync(Latest(() => variables ?? ReadVariables(), atRest: false), _services.Stopping).ConfigureAwait(false);
            }
            else if (variables is not null && variables.IsSameAs(_switcher.LiveVariables))
            {
                _switcher.ForgetError(); // What was wrong was put right by putting back what was there before.
            }

            return;
        }

        try
        {
            await DeploySeenFolderAsync(_services.Stopping).ConfigureAwait(false);
        }
        catch (CloudFunctionException error) when (hasOtherVariables && Live.Count > 0)
        {
            await ServeLatestInsteadAsync(Latest(() => variables!, atRest: false), error).ConfigureAwait(false);
        }
    }

    /// <summary>Deploys the content of its folder.</summary>
    /// <param name="cancellationToken">See <see cref="ProjectSwitcher.SwitchAsync"/>.</param>
    /// <param name="commit">See <see cref="ProjectSwitch.Commit"/>.</param>
    /// <exception cref="CloudFunctionException">It does not serve; what did still does.</exception>
    public async Task<DeployResult> DeployFolderAsync(CancellationToken cancellationToken, Action<IReadOnlyList<LiveDeployment>>? commit = null)
    {
        var seen = _seenFolder;
        try
        {
            _seenFolder = await FingerprintAsync(cancellationToken).ConfigureAwait(false);
            return await DeploySeenFolderAsync(cancellationToken, commit).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _seenFolder = seen; // It has not been tried, so the watcher still may.
            throw;
        }
    }

    /// <summary>Deploys a folder that is, or is to become, the project's.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="source">Where it came from: one of <see cref="DeploymentSource"/>.</param>
    /// <param name="readVariables">Says the environment of the workers; throws where that is wrong.</param>
    /// <param name="commit">See <see cref="ProjectSwitch.Commit"/>.</param>
    /// <param name="cancellationToken">See <see cref="ProjectSwitcher.SwitchAsync"/>.</param>
    /// <exception cref="CloudFunctionException">It does not serve; what did still does.</exception>
    public Task<DeployResult> DeployAsync(
        string directory, string source, Func<ProjectVariables> readVariables, Action<IReadOnlyList<LiveDeployment>> commit,
        CancellationToken cancellationToken) =>
        DoAsync(FromFolder(directory, source, readVariables) with { Commit = commit }, cancellationToken);

    /// <summary>Makes versions serve that are there already.</summary>
    /// <param name="weights">Their parts of the calls, each above 0.</param>
    /// <param name="keepsWorkers">Whether workers that run one of them go on.</param>
    /// <param name="cancellationToken">See <see cref="ProjectSwitcher.SwitchAsync"/>.</param>
    /// <exception cref="ProjectException">There is no such version.</exception>
    /// <exception cref="CloudFunctionException">One does not serve; what did still does.</exception>
    public async Task<DeployResult> ServeVersionsAsync(IReadOnlyDictionary<int, int> weights, bool keepsWorkers, CancellationToken cancellationToken)
    {
        List<WeightedDeployment> chosen = [];
        foreach (var (version, weight) in weights.OrderByDescending(each => each.Value).ThenByDescending(each => each.Key))
        {
            chosen.Add(new WeightedDeployment(await _versions.RecheckAsync(version).ConfigureAwait(false), weight));
        }

        var change = new ProjectSwitch(_ => Task.FromResult<IReadOnlyList<WeightedDeployment>>(chosen), ReadVariables);
        return await DoAsync(change with { KeepsWorkers = keepsWorkers }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives its workers another environment, by swapping them, if it runs.</summary>
    /// <param name="variables">The environment.</param>
    /// <param name="commit">Makes it lasting.</param>
    /// <param name="cancellationToken">See <see cref="ProjectSwitcher.SwitchAsync"/>.</param>
    /// <exception cref="CloudFunctionException">With it nothing serves; what did still does.</exception>
    public Task ChangeVariablesAsync(ProjectVariables variables, Action commit, CancellationToken cancellationToken)
    {
        if (Live.Count > 0)
        {
            return _switcher.SwitchAsync(Latest(() => variables, atRest: false) with { Commit = _ => commit() }, cancellationToken);
        }

        commit();
        return Task.CompletedTask;
    }

    /// <summary>Stops it; calls that run may finish within TIMEOUT_GRACEFUL_SHUTDOWN.</summary>
    public async Task StopAsync()
    {
        await _switcher.SetStoppedAsync(true).ConfigureAwait(false);
        MarkStopped();
        await _serving.EndAsync(_services.Options.GracefulShutdownTimeout, "its project was stopped", _switcher.StoppedRejection)
            .WaitAsync(_services.Stopping).ConfigureAwait(false);
        ProjectLog.Stopped(_services.Logger, Name);
    }

    /// <summary>Ends its workers because there is no such project any more.</summary>
    public Task EndAsync() => _serving.EndAsync(
        _services.Options.GracefulShutdownTimeout, "its project was removed",
        new Rejection(RejectionReason.ProjectNotFound, $"There is no project '{Name}'.")).WaitAsync(_services.Stopping);

    /// <summary>Rejects calls because it is stopped.</summary>
    public void MarkStopped() => _switcher.MarkStopped();

    /// <summary>Rejects calls because the host stops.</summary>
    public void Shutdown() => _serving.Gate.Close(new Rejection(RejectionReason.Draining, "The host is stopping."));

    /// <summary>Disables a function, or enables it.</summary>
    public async Task SetDisabledAsync(string function, bool isDisabled)
    {
        if (_services.Decisions.IsDisabled(Name, function) != isDisabled)
        {
            await _services.Decisions.SetDisabledAsync(Name, function, isDisabled, _services.Stopping).ConfigureAwait(false);
            _serving.Reroute();
            if (Live.Count > 0)
            {
                await _serving.ScheduleAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The schedules on the functions that served when the host last ran.</summary>
    public IReadOnlyList<ScheduleDefinition> ReadLatestSchedules() => _serving.ReadSchedules(_versions.Live.Select(each => each.Deployment));

    /// <summary>Removes old versions and what copies that were cut short have left.</summary>
    public async Task CleanUpAsync()
    {
        await _services.Deployments.SweepAsync(Name, _services.Stopping).ConfigureAwait(false);
        await _versions.TrimAsync(Live).ConfigureAwait(false);
    }

    public void Dispose() => _serving.Dispose();

    // What the folder holds counts as changed too where it can be no deployment: the error is then told by the attempt to deploy it.
    private async Task<bool> IsFolderUnchangedAsync()
    {
        _seenFolder = await FingerprintAsync(_services.Stopping).ConfigureAwait(false);
        await _versions.ReadAsync().ConfigureAwait(false);
        return _versions.Live.Count > 0 && _seenFolder == _versions.LastFolder;
    }

    private async Task<string> FingerprintAsync(CancellationToken cancellationToken)
    {
        try
        {
            _lastLook = await _services.Stager.LookAsync(Folder.Directory, _lastLook, cancellationToken).ConfigureAwait(false);
            return _lastLook.Fingerprint;
        }
        catch (Exception error) when (error is DeploymentException or SourceReadException)
        {
            return error.Message; // As good as any: it is no other content's.
        }
    }

    // What was seen of it has been noted just now; what changes from here on is found different by the next look.
    private Task<DeployResult> DeploySeenFolderAsync(
        CancellationToken cancellationToken, Action<IReadOnlyList<LiveDeployment>>? commit = null, bool hasFallback = false)
    {
        var change = FromFolder(Folder.Directory, DeploymentSource.Folder, ReadVariables);
        return DoAsync(change with { Commit = commit, HasFallback = hasFallback }, cancellationToken);
    }

    private ProjectSwitch FromFolder(string directory, string source, Func<ProjectVariables> readVariables) => new(
        async token => [new WeightedDeployment(await _services.Stager.StageAsync(Name, directory, token, source).ConfigureAwait(false), 100)],
        readVariables)
    {
        IsFolder = true,
    };

    private async Task<DeployResult> DoAsync(ProjectSwitch change, CancellationToken cancellationToken)
    {
        var (functions, changes, timings) = await _switcher.SwitchAsync(change, cancellationToken).ConfigureAwait(false);
        if (change.IsFolder)
        {
            _seenFolder = Live[0].Deployment.Manifest.Fingerprint;
        }

        return new DeployResult(Describe(), Live[0].Deployment.Version, functions, changes, timings);
    }

    private async Task ServeLatestInsteadAsync(ProjectSwitch latest, Exception error)
    {
        await _switcher.SwitchAsync(latest, _services.Stopping).ConfigureAwait(false);
        _switcher.SayOlderServes(error.Message);
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
            if (_switcher.LastError != error.Message)
            {
                _switcher.Complain(error.Message);
            }

            return null;
        }
    }

    private ProjectSwitch Latest(Func<ProjectVariables> readVariables, bool atRest) => new(
        _ => _versions.RecheckLiveAsync(), readVariables)
    {
        AtRest = atRest,
    };
}

using System.Collections.Immutable;

namespace CloudFunction.Runtime.Projects;

/// <summary>What operators decided about projects: which are stopped, and which functions are disabled. Thread safe.</summary>
internal sealed class ProjectDecisions(ProjectStateFile file, ProjectCounterStore counters, ProjectLog log, TimeProvider time)
{
    /// <summary>Whether a project is stopped: it serves nothing until it is started or deployed, restarts of the host included.</summary>
    public bool IsStopped(string project) => file.Projects.TryGetValue(project, out var state) && state.Stopped;

    /// <summary>Whether a function of a project takes no calls.</summary>
    public bool IsDisabled(string project, string function) =>
        file.Projects.TryGetValue(project, out var state) && state.Functions.TryGetValue(function, out var kept) && kept.Disabled;

    /// <summary>Stops a project or starts it; on disk once this returns. Where it cannot be, nothing was decided.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public async Task SetStoppedAsync(string project, bool isStopped, CancellationToken cancellationToken)
    {
        if (IsStopped(project) != isStopped)
        {
            await file.ChangeAsync(projects => WithStopped(projects, project, isStopped), cancellationToken).ConfigureAwait(false);
            counters.GetOrAdd(project).Touch();
        }
    }

    /// <summary>Starts a project that serves already, if it was stopped: a disk that is full now must not call that off.</summary>
    public async Task RecordServingAsync(string project, CancellationToken cancellationToken)
    {
        counters.GetOrAdd(project).Touch();
        if (!IsStopped(project))
        {
            return;
        }

        file.ChangeSoon(projects => WithStopped(projects, project, isStopped: false));
        await SaveAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Enables a function that was deployed and serves already, if it was disabled: likewise.</summary>
    public Task RecordEnabledAsync(string project, string function, CancellationToken cancellationToken)
    {
        file.ChangeSoon(projects => WithDisabled(projects, project, function, isDisabled: false));
        return SaveAsync(cancellationToken);
    }

    /// <summary>Writes what follows from something that is done already; where it cannot be written now, it is tried again every few
    /// seconds.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await counters.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.FlushFailed(e.Message);
        }
    }

    /// <summary>Disables a function; on disk once this returns. Where it cannot be, nothing was decided.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public Task DisableAsync(string project, string function, CancellationToken cancellationToken) =>
        file.ChangeAsync(projects => WithDisabled(projects, project, function, isDisabled: true), cancellationToken);

    private ImmutableSortedDictionary<string, ProjectState> WithStopped(
        ImmutableSortedDictionary<string, ProjectState> projects, string project, bool isStopped)
    {
        var state = StateOf(projects, project);
        return state.Stopped == isStopped ? projects : projects.SetItem(project, state with { Stopped = isStopped, UpdatedAt = time.GetUtcNow() });
    }

    private ImmutableSortedDictionary<string, ProjectState> WithDisabled(
        ImmutableSortedDictionary<string, ProjectState> projects, string project, string function, bool isDisabled)
    {
        var state = StateOf(projects, project);
        var kept = state.Functions.GetValueOrDefault(function) ?? new FunctionState(time.GetUtcNow(), null, 0);
        var changed = kept with { Disabled = isDisabled };
        return kept.Disabled == isDisabled ? projects : projects.SetItem(
            project,
            state with
            {
                Functions = new Dictionary<string, FunctionState>(state.Functions, StringComparer.Ordinal) { [function] = changed },
            });
    }

    private ProjectState StateOf(ImmutableSortedDictionary<string, ProjectState> projects, string project) =>
        projects.GetValueOrDefault(project) ?? ProjectState.New(time.GetUtcNow());
}

using System.Collections.Concurrent;

namespace CloudFunction.Runtime.Projects;

/// <summary>What this host counts of each project. Written when <see cref="FlushAsync"/> is called, which is to be every few seconds and at stop.
/// Thread safe.</summary>
internal sealed class ProjectCounterStore(ProjectStateFile file, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ProjectCounters> _projects = new(StringComparer.Ordinal);
    private readonly DirtyFlag _dirty = new();

    /// <summary>Whether anything is known of a project.</summary>
    public bool Knows(string project) => _projects.ContainsKey(project) || file.Projects.ContainsKey(project);

    /// <summary>A project's counters, the same object every time until it is removed; made where it was not known.</summary>
    public ProjectCounters GetOrAdd(string project)
    {
        if (_projects.TryGetValue(project, out var known))
        {
            return known;
        }

        if (!file.Projects.TryGetValue(project, out var state))
        {
            state = ProjectState.New(time.GetUtcNow());
            _dirty.Set();
        }

        return _projects.GetOrAdd(project, new ProjectCounters(state, time, _dirty));
    }

    /// <summary>Forgets a project, with all that is kept of it.</summary>
    public void Remove(string project)
    {
        _projects.TryRemove(project, out _);
        file.ChangeSoon(projects => projects.Remove(project));
    }

    /// <summary>Writes all counts if any has changed since they were last written; on disk once this returns.</summary>
    /// <exception cref="IOException">The disk is full or fails; the old file stays, and the next call tries again.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it; likewise.</exception>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_dirty.TryClear())
        {
            file.ChangeSoon(projects => projects.SetItems(
                _projects.Select(each => KeyValuePair.Create(each.Key, each.Value.Update(projects.GetValueOrDefault(each.Key))))));
        }

        return file.FlushAsync(cancellationToken);
    }
}

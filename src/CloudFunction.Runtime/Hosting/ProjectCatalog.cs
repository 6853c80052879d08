using System.Collections.Concurrent;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Hosting;

/// <summary>The projects that the host knows, and the folders that are none. Thread safe.</summary>
internal sealed class ProjectCatalog(RoutingTable routes) : IDisposable
{
    private readonly ConcurrentDictionary<string, ProjectRuntime> _projects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ProjectInfo> _invalid = new(StringComparer.Ordinal);
    private readonly Lock _publishing = new();

    /// <summary>All projects.</summary>
    public IEnumerable<ProjectRuntime> Projects => _projects.Values;

    /// <summary>Adds a project that is not there yet.</summary>
    public void Add(ProjectRuntime project)
    {
        _projects.TryAdd(project.Name, project);
        Publish();
    }

    /// <summary>Adds a folder whose name is no project's.</summary>
    public void AddInvalid(ProjectCandidate folder, DateTimeOffset now) => _invalid[folder.Name] = new ProjectInfo(
        folder.Name, ProjectStatus.Failed, null, [], [], [], [], folder.Error, now, now);

    /// <summary>A project, or null.</summary>
    public ProjectRuntime? Find(string name) => _projects.GetValueOrDefault(name);

    /// <summary>Tells the router what there is now.</summary>
    public void Publish()
    {
        lock (_publishing)
        {
            routes.Publish(_projects.Values.Select(p => KeyValuePair.Create(p.Name, p.Route)));
        }
    }

    /// <summary>All projects and invalid folders, by name.</summary>
    public IReadOnlyList<ProjectInfo> Describe() =>
        [.. _projects.Values.Select(p => p.Describe()).Concat(_invalid.Values).OrderBy(p => p.Name, StringComparer.Ordinal)];

    public void Dispose()
    {
        foreach (var project in _projects.Values)
        {
            project.Dispose();
        }
    }
}

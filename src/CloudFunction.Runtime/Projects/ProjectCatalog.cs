using System.Collections.Concurrent;
using CloudFunction.Runtime.Routing;

namespace CloudFunction.Runtime.Projects;

/// <summary>The projects that the host knows, and the folders that are none. Thread safe.</summary>
internal sealed class ProjectCatalog(RoutingTable routes) : IDisposable
{
    private readonly ConcurrentDictionary<string, Project> _projects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ProjectInfo> _invalid = new(StringComparer.Ordinal);
    private readonly Lock _publishing = new();

    /// <summary>All projects.</summary>
    public IEnumerable<Project> Projects => _projects.Values;

    /// <summary>Adds a project that is not there yet; calls find it after <see cref="Publish"/>.</summary>
    public void Add(Project project) => _projects.TryAdd(project.Name, project);

    /// <summary>Removes a project: no call finds it any more.</summary>
    public void Remove(string name)
    {
        _projects.TryRemove(name, out _);
        Publish();
    }

    /// <summary>Adds a folder whose name is no project's.</summary>
    /// <returns>Whether it was not known yet.</returns>
    public bool AddInvalid(ProjectCandidate folder, DateTimeOffset now) => _invalid.TryAdd(
        folder.Name, new ProjectInfo(folder.Name, ProjectStatus.Failed, null, [], [], [], [], folder.Error, now, now));

    /// <summary>Forgets a folder whose name is no project's.</summary>
    public void RemoveInvalid(string name) => _invalid.TryRemove(name, out _);

    /// <summary>A project, or null.</summary>
    public Project? Find(string name) => _projects.GetValueOrDefault(name);

    /// <summary>A project.</summary>
    /// <exception cref="ProjectException">There is none of that name.</exception>
    public Project Require(string name) => Find(name)
        ?? throw new ProjectException(ProjectErrorCode.ProjectNotFound, $"There is no project '{name}'.") { Field = "project" };

    /// <summary>Publishes the routes of all projects as they are now.</summary>
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

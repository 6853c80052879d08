using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using CloudFunction.Runtime.Deployments;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Projects;

/// <summary>Small facts about projects that outlive the host, in <c>state/projects.json</c> below DATA_DIR. All in memory; written when
/// <see cref="FlushAsync"/> is called, which is to be every few seconds and at stop. Thread safe.</summary>
internal sealed partial class ProjectStateStore : IDisposable
{
    private readonly ConcurrentDictionary<string, ProjectRecord> _projects = new(StringComparer.Ordinal);
    private readonly DirtyFlag _dirty = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger<ProjectStateStore> _logger;

    /// <param name="dataDirectory">DATA_DIR.</param>
    /// <param name="time">For the times of creation and change.</param>
    /// <param name="logger">Where to log a corrupt file.</param>
    public ProjectStateStore(string dataDirectory, TimeProvider time, ILogger<ProjectStateStore> logger)
    {
        _path = Path.Combine(dataDirectory, "state", "projects.json");
        _time = time;
        _logger = logger;
    }

    /// <summary>Reads what an earlier host left; to be called once, before anything else. A corrupt file is renamed aside, which is logged, and all
    /// starts anew. The folder is made where it is missing.</summary>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it, or not make the folder.</exception>
    public void Open()
    {
        HostDirectory.Create(Path.GetDirectoryName(_path)!);
        foreach (var (name, state) in Read().Projects)
        {
            _projects[name] = new ProjectRecord(state, _time, _dirty);
        }
    }

    /// <inheritdoc cref="ProjectStateStore(string, TimeProvider, ILogger{ProjectStateStore})"/>
    /// <summary>Makes and opens a store.</summary>
    public static ProjectStateStore Open(string dataDirectory, TimeProvider time, ILogger<ProjectStateStore> logger)
    {
        var store = new ProjectStateStore(dataDirectory, time, logger);
        store.Open();
        return store;
    }

    /// <summary>Whether anything is known of a project.</summary>
    public bool Knows(string project) => _projects.ContainsKey(project);

    /// <summary>A project's facts, the same object every time until it is removed; made where it was not known.</summary>
    public ProjectRecord GetOrAdd(string project)
    {
        if (_projects.TryGetValue(project, out var known))
        {
            return known;
        }

        var now = _time.GetUtcNow();
        var record = _projects.GetOrAdd(project, new ProjectRecord(new ProjectState(now, now, false, new Dictionary<string, FunctionState>()), _time, _dirty));
        _dirty.Set();
        return record;
    }

    /// <summary>The counters of a function, the same object every time until its project is removed; made where it was not known.
    /// To be got once for a deployment's snapshot and used for every call.</summary>
    public FunctionCounters Get(string project, string function) => GetOrAdd(project).GetFunction(function);

    /// <summary>Forgets a project with all its counts.</summary>
    /// <returns>Whether it was known.</returns>
    public bool Remove(string project)
    {
        var wasKnown = _projects.TryRemove(project, out _);
        _dirty.Set();
        return wasKnown;
    }

    /// <summary>Writes everything if anything has changed since it was last written; on disk once this returns.</summary>
    /// <exception cref="IOException">The disk is full or fails; the old file stays, and the next call tries again.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it; likewise.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_dirty.TryClear())
            {
                await Task.Run(Write, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            _dirty.Set();
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Makes an operator's decision lasting: on disk once this returns. Where it cannot be, it is as if it had not been made.</summary>
    /// <param name="decide">Changes a record.</param>
    /// <param name="undo">Changes it back.</param>
    /// <param name="cancellationToken">Gives up waiting for the disk, and the decision with it.</param>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public async Task DecideAsync(Action decide, Action undo, CancellationToken cancellationToken)
    {
        decide();
        try
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            undo();
            throw;
        }
    }

    /// <summary>Gives back what it holds; it does not flush.</summary>
    public void Dispose() => _writing.Dispose();

    private void Write()
    {
        var states = new ProjectStates(_projects.ToDictionary(project => project.Key, project => project.Value.ToState(), StringComparer.Ordinal));
        HostDirectory.Create(Path.GetDirectoryName(_path)!);
        DurableFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(states, ProjectStateJson.Default.ProjectStates));
    }

    private ProjectStates Read()
    {
        var nothing = new ProjectStates(new Dictionary<string, ProjectState>());
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), ProjectStateJson.Default.ProjectStates) ?? throw new JsonException("The file holds null.");
        }
        catch (FileNotFoundException)
        {
            return nothing; // the first start
        }
        catch (JsonException exception)
        {
            var aside = _path + ".corrupt-" + _time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
            File.Move(_path, aside, overwrite: true);
            LogCorrupt(exception, _path, aside);
            return nothing;
        }
    }
}

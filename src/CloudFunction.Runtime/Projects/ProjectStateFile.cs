using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CloudFunction.Runtime.Deployments;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Projects;

/// <summary>
/// Small facts about projects that outlive the host, in <c>state/projects.json</c> below DATA_DIR: what operators decided
/// (<see cref="ProjectDecisions"/>) and what this host counts (<see cref="ProjectCounterStore"/>), each of whom knows only its own fields. All of
/// it is in memory. Thread safe.
/// </summary>
internal sealed partial class ProjectStateFile : IDisposable
{
    private readonly DirtyFlag _dirty = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger<ProjectStateFile> _logger;
    private ImmutableSortedDictionary<string, ProjectState> _projects =
        ImmutableSortedDictionary.Create<string, ProjectState>(StringComparer.Ordinal);

    /// <param name="dataDirectory">DATA_DIR.</param>
    /// <param name="time">For the name of a corrupt file.</param>
    /// <param name="logger">Where to log a corrupt file.</param>
    public ProjectStateFile(string dataDirectory, TimeProvider time, ILogger<ProjectStateFile> logger)
    {
        _path = Path.Combine(dataDirectory, "state", "projects.json");
        _time = time;
        _logger = logger;
    }

    /// <summary>What is known of each project, by name.</summary>
    public ImmutableSortedDictionary<string, ProjectState> Projects => Volatile.Read(ref _projects);

    /// <summary>Reads what an earlier host left; to be called once, before anything else. A corrupt file is renamed aside, which is logged, and all
    /// starts anew.</summary>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public void Open()
    {
        Volatile.Write(ref _projects, _projects.SetItems(Read().Projects));
    }

    /// <summary>Changes the content lastingly: it is on disk once this returns. Where it cannot be, nothing has changed.</summary>
    /// <param name="change">Makes new content of the present one, which it gives back where there is nothing to change. May be called several
    /// times.</param>
    /// <param name="cancellationToken">Gives up waiting for the disk, and the change with it.</param>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public async Task ChangeAsync(
        Func<ImmutableSortedDictionary<string, ProjectState>, ImmutableSortedDictionary<string, ProjectState>> change,
        CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        var wasDirty = false;
        try
        {
            wasDirty = _dirty.TryClear();
            var before = Projects;
            var after = change(before);
            if (wasDirty || !ReferenceEquals(before, after))
            {
                await Task.Run(() => Write(after), cancellationToken).ConfigureAwait(false);
                ImmutableInterlocked.Update(ref _projects, change);
            }
        }
        catch when (wasDirty)
        {
            _dirty.Set();
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Changes the content at once; it reaches the disk with the next flush that succeeds.</summary>
    /// <inheritdoc cref="ChangeAsync"/>
    public void ChangeSoon(Func<ImmutableSortedDictionary<string, ProjectState>, ImmutableSortedDictionary<string, ProjectState>> change)
    {
        if (ImmutableInterlocked.Update(ref _projects, change))
        {
            _dirty.Set();
        }
    }

    /// <summary>Writes what has changed since it was last written; on disk once this returns.</summary>
    /// <exception cref="IOException">The disk is full or fails; the old file stays, and the next call tries again.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it; likewise.</exception>
    public Task FlushAsync(CancellationToken cancellationToken) => ChangeAsync(static projects => projects, cancellationToken);

    /// <summary>Gives back what it holds; it does not flush.</summary>
    public void Dispose() => _writing.Dispose();

    private void Write(ImmutableSortedDictionary<string, ProjectState> projects)
    {
        HostDirectory.Create(Path.GetDirectoryName(_path)!);
        DurableFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(new ProjectStates(projects), ProjectStateJson.Default.ProjectStates));
    }

    private ProjectStates Read()
    {
        var nothing = new ProjectStates(new Dictionary<string, ProjectState>());
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), ProjectStateJson.Default.ProjectStates)
                ?? throw new JsonException("The file holds null.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
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

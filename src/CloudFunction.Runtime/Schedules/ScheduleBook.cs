using System.Collections.Immutable;
using System.Text.Json;
using CloudFunction.Runtime.Tasks;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Schedules;

/// <summary>The schedules that a host knows: those that are defined, and what the store has of those that nobody has defined yet. One change at a
/// time; what is read is always a whole.</summary>
/// <param name="store">Where states are kept.</param>
/// <param name="logger">Where to log what is stored and of no use.</param>
internal sealed partial class ScheduleBook(IScheduleStore store, ILogger<Scheduler> logger)
{
    private readonly Dictionary<string, RememberedSchedule> _remembered = new(StringComparer.Ordinal);
    private volatile ImmutableSortedDictionary<string, ScheduleEntry> _entries = ImmutableSortedDictionary.Create<string, ScheduleEntry>(
        StringComparer.Ordinal);

    /// <summary>Those that are defined, by their ids.</summary>
    public IEnumerable<ScheduleEntry> Entries => _entries.Values;

    /// <summary>One that is defined; null where there is none.</summary>
    public ScheduleEntry? Find(string id) => _entries.GetValueOrDefault(id);

    /// <summary>The state of one, defined or not; null where none is known.</summary>
    public ScheduleState? StateOf(string id) => Find(id)?.State ?? _remembered.GetValueOrDefault(id)?.State;

    /// <summary>What the store has of one; null for nothing.</summary>
    public byte[]? StoredOf(string id) => Find(id) is { } entry ? entry.Stored : _remembered.GetValueOrDefault(id)?.Stored;

    /// <summary>Those of a source, of a project's functions where that is given; else those that nobody has defined yet among them.</summary>
    public HashSet<string> IdsOf(ScheduleSource source, string? project) => Entries
        .Where(entry => entry.Definition.Source == source && (project is null || entry.Definition.Target.Project == project))
        .Select(entry => entry.Definition.Id)
        .Concat(project is null ? _remembered.Where(known => known.Value.State?.Source == source).Select(known => known.Key) : [])
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Takes up what an earlier host has left.</summary>
    /// <exception cref="TaskStoreException">It cannot be read.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, json) in await store.ReadSchedulesAsync(cancellationToken).ConfigureAwait(false))
        {
            Take(id, json);
        }
    }

    /// <summary>Takes up what another host has made of a schedule.</summary>
    /// <exception cref="TaskStoreException">It cannot be read.</exception>
    public async Task ReloadAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.FindScheduleAsync(id, cancellationToken).ConfigureAwait(false) is { } json)
        {
            Take(id, json);
        }
        else if (Find(id) is { Definition.Source: not ScheduleSource.Api } entry)
        {
            Publish(entry with { Stored = null }); // It is written elsewhere, and goes on.
        }
        else
        {
            Remove(id);
        }
    }

    /// <summary>Defines one, or changes its state.</summary>
    public ScheduleEntry Publish(ScheduleEntry entry)
    {
        _remembered.Remove(entry.Definition.Id);
        _entries = _entries.SetItem(entry.Definition.Id, entry);
        return entry;
    }

    /// <summary>Forgets one.</summary>
    public void Remove(string id)
    {
        _remembered.Remove(id);
        _entries = _entries.Remove(id);
    }

    /// <summary>Remembers what is left in the store of one that is gone: defined again, it is new, and takes the place of that.</summary>
    public void KeepStored(string id, byte[] stored) => _remembered[id] = new RememberedSchedule(null, stored);

    private void Take(string id, byte[] stored)
    {
        try
        {
            var state = ScheduleState.FromJson(stored);
            if (state.Draft is { } draft)
            {
                Define(id, draft, state, stored);
            }
            else if (Find(id) is { } entry)
            {
                Publish(new ScheduleEntry(entry.Definition, state, stored));
            }
            else
            {
                _remembered[id] = new RememberedSchedule(state, stored);
            }
        }
        catch (JsonException error)
        {
            LogUnreadable(error, id);
            if (Find(id) is { } entry)
            {
                Publish(entry with { Stored = stored });
            }
            else
            {
                KeepStored(id, stored);
            }
        }
    }

    private void Define(string id, ScheduleDraft draft, ScheduleState state, byte[] stored)
    {
        var problems = new List<ScheduleProblem>();
        if (draft.Build(problems) is { } definition)
        {
            Publish(new ScheduleEntry(definition, state, stored));
        }
        else
        {
            Remove(id);
            KeepStored(id, stored);
            LogNoLongerValid(id, string.Join(" ", problems.Select(p => p.Message)));
        }
    }
}

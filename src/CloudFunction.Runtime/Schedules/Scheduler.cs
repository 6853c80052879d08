using System.Collections.Immutable;
using System.Text.Json;
using CloudFunction.Runtime.Tasks;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Makes tasks of what is due. All changes are made one after another; what is read is always a whole.</summary>
internal sealed partial class Scheduler : IScheduleOperations, IDisposable
{
    // A clock that is set is noticed by then.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    // A run that waits for the one before starts so late at most.
    private static readonly TimeSpan WaitingInterval = TimeSpan.FromMilliseconds(100);

    // How often a change is begun anew because another host has changed the same schedule at the same time.
    private const int MaxTries = 3;

    private readonly IScheduleStore _store;
    private readonly ScheduleStarter _starter;
    private readonly TimeProvider _time;
    private readonly ILogger<Scheduler> _logger;
    private readonly StoreOutage _outage;
    private readonly SemaphoreSlim _changes = new(1, 1);
    private readonly Dictionary<string, RememberedSchedule> _remembered = new(StringComparer.Ordinal);
    private volatile ImmutableSortedDictionary<string, ScheduleEntry> _entries = ImmutableSortedDictionary.Create<string, ScheduleEntry>(
        StringComparer.Ordinal);

    /// <param name="store">Remembers how schedules stand.</param>
    /// <param name="starter">Makes the runs.</param>
    /// <param name="time">Where the time comes from.</param>
    /// <param name="logger">Where to report what operators should know.</param>
    public Scheduler(IScheduleStore store, ScheduleStarter starter, TimeProvider time, ILogger<Scheduler> logger)
    {
        _store = store;
        _starter = starter;
        _time = time;
        _logger = logger;
        _outage = new StoreOutage(time, LogStoreFailed, LogStoreBack);
    }

    public IReadOnlyList<ScheduleInfo> List() => [.. _entries.Values.Select(e => e.Describe())];

    public ScheduleInfo? Find(string id) => _entries.GetValueOrDefault(id)?.Describe();

    /// <summary>Takes up what an earlier host has left. To be called first.</summary>
    /// <exception cref="TaskStoreException">It cannot be read.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, json) in await _store.ReadSchedulesAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                Remember(id, ScheduleState.FromJson(json), json);
            }
            catch (JsonException error)
            {
                _remembered[id] = new RememberedSchedule(null, json);
                LogUnreadable(error, id);
            }
        }
    }

    /// <summary>Replaces all schedules of one source.</summary>
    /// <param name="source">The source; not the API.</param>
    /// <param name="project">Of which project's functions; null for the file, and for the functions of all projects, where what an earlier
    /// host has left of others is forgotten too.</param>
    /// <param name="definitions">Those there are now.</param>
    /// <param name="cancellationToken">Ends the wait for others' changes.</param>
    public Task SetAsync(
        ScheduleSource source, string? project, IReadOnlyList<ScheduleDefinition> definitions, CancellationToken cancellationToken) => ChangeAsync(
        async () =>
        {
            var gone = _entries.Values
                .Where(e => e.Definition.Source == source && (project is null || e.Definition.Target.Project == project))
                .Select(e => e.Definition.Id)
                .Concat(project is null ? _remembered.Where(r => r.Value.State?.Source == source).Select(r => r.Key) : [])
                .ToHashSet(StringComparer.Ordinal);
            foreach (var definition in definitions)
            {
                if (_entries.TryGetValue(definition.Id, out var other) && other.Definition.Source != source)
                {
                    LogTaken(definition.Id);
                    continue;
                }

                gone.Remove(definition.Id);
                await DefineAsync(definition, cancellationToken).ConfigureAwait(false);
            }

            foreach (var id in gone)
            {
                var stored = StoredOf(id);
                _remembered.Remove(id);
                _entries = _entries.Remove(id);
                if (!await TryDeleteAsync(id, stored, cancellationToken).ConfigureAwait(false))
                {
                    _remembered[id] = new RememberedSchedule(null, stored!); // Defined again, it is new, and takes the place of what is left.
                }
            }

            return true;
        },
        cancellationToken);

    /// <summary>Makes tasks of what is due until it is cancelled. Does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stopping).ConfigureAwait(false);
                await Task.Delay(NextLook(), _time, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Decides on all that is due by now.</summary>
    public async Task LookAsync(CancellationToken stopping)
    {
        var now = _time.GetUtcNow();
        foreach (var id in _entries.Values.Where(e => NeedsLook(e, now)).Select(e => e.Definition.Id).ToArray())
        {
            await ChangeAsync(() => LookAsync(id, stopping), stopping).ConfigureAwait(false);
        }
    }

    public Task<ScheduleChange> AddAsync(ScheduleDefinition definition, CancellationToken cancellationToken) => RepeatAsync(
        definition.Id,
        async () =>
        {
            if (_entries.ContainsKey(definition.Id))
            {
                return Conflict($"There is a schedule '{definition.Id}' already: delete that one first, or choose another name.");
            }

            if (_starter.Check(definition.Target) is { } rejection)
            {
                return new ScheduleChange(null, ScheduleRefusal.NotFound, rejection.Message) { Rejection = rejection };
            }

            var state = ScheduleState.New(definition, _time.GetUtcNow()) with { Draft = ScheduleDraft.Of(definition) };
            var added = new ScheduleEntry(definition, state, StoredOf(definition.Id));
            if (await _starter.TrySaveAsync(added, state, cancellationToken).ConfigureAwait(false) is not { } saved)
            {
                await ReloadAsync(definition.Id, cancellationToken).ConfigureAwait(false);
                return null;
            }

            _remembered.Remove(definition.Id);
            return new ScheduleChange(Publish(saved).Describe());
        },
        cancellationToken);

    public Task<ScheduleChange> DeleteAsync(string id, CancellationToken cancellationToken) => WithAsync(
        id,
        async entry =>
        {
            if (entry.Definition.Source != ScheduleSource.Api)
            {
                return Conflict(entry.Definition.Source == ScheduleSource.File
                    ? $"The schedule '{id}' is written in the schedule file: remove it there, or pause it."
                    : $"The schedule '{id}' is written on its function: remove [Schedule] there and deploy, or pause it.");
            }

            if (!await _store.TrySaveScheduleAsync(id, entry.Stored, null, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            _entries = _entries.Remove(id);
            return new ScheduleChange(entry.Describe());
        },
        cancellationToken);

    public Task<ScheduleChange> PauseAsync(string id, CancellationToken cancellationToken) => WithAsync(
        id,
        async entry => entry.State.IsPaused
            ? new ScheduleChange(entry.Describe())
            : await TrySaveAsync(entry, entry.State with { IsPaused = true }, cancellationToken).ConfigureAwait(false),
        cancellationToken);

    public Task<ScheduleChange> ResumeAsync(string id, CancellationToken cancellationToken) => WithAsync(
        id,
        async entry => entry.State.IsPaused
            ? await TrySaveAsync(entry, entry.State with { IsPaused = false, JudgedTo = _time.GetUtcNow(), WaitsAfter = null }, cancellationToken)
                .ConfigureAwait(false)
            : new ScheduleChange(entry.Describe()),
        cancellationToken);

    public Task<ScheduleChange> RunAsync(string id, CancellationToken cancellationToken) => WithAsync(
        id,
        async entry =>
        {
            var started = await _starter.TryStartAsync(
                entry, entry.State, _time.GetUtcNow(), isManual: true, cancellationToken).ConfigureAwait(false);
            return started?.State.Runs[0] switch
            {
                null => null,
                { Outcome: ScheduleRunOutcome.Failed } failed => Conflict($"The schedule '{id}' cannot run: {failed.Reason}"),
                var run => new ScheduleChange(Publish(started).Describe()) { Run = run },
            };
        },
        cancellationToken);

    public void Dispose() => _changes.Dispose();

    private static ScheduleChange Conflict(string message) => new(null, ScheduleRefusal.Conflict, message);

    private static bool NeedsLook(ScheduleEntry entry, DateTimeOffset now) =>
        entry.IsActive && (entry.NextRun <= now || entry.State.WaitsAfter is not null || entry.State.JudgedTo > now + ScheduleJudge.TrustedSetBack);

    private TimeSpan NextLook()
    {
        var (now, wait) = (_time.GetUtcNow(), LookInterval);
        foreach (var entry in _entries.Values.Where(e => e.IsActive))
        {
            var until = entry.State.WaitsAfter is not null ? WaitingInterval : entry.NextRun - now ?? LookInterval;
            wait = until < wait ? until : wait;
        }

        // Timers may come a little early: a look in vain is cheap, a loop without rest is not.
        return wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait;
    }

    private async Task<bool> LookAsync(string id, CancellationToken stopping)
    {
        if (!_entries.TryGetValue(id, out var entry) || !entry.IsActive)
        {
            return false;
        }

        try
        {
            var now = _time.GetUtcNow();
            if (entry.State.JudgedTo > now + ScheduleJudge.TrustedSetBack)
            {
                LogSetBack(id, entry.State.JudgedTo);
            }

            var judged = ScheduleJudge.Judge(entry.Definition, entry.State, now);
            if (!await _starter.TryStartDueAsync(entry, judged, stored => Publish(stored), stopping).ConfigureAwait(false))
            {
                await ReloadAsync(id, stopping).ConfigureAwait(false); // Another host has decided.
            }

            _outage.Worked();
        }
        catch (TaskStoreException error)
        {
            await _outage.WaitAsync(error, stopping).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogUnexpected(error, id); // The edge of one schedule: the others go on.
        }

        return true;
    }

    private async Task DefineAsync(ScheduleDefinition definition, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var known = _entries.GetValueOrDefault(definition.Id)?.State ?? _remembered.GetValueOrDefault(definition.Id)?.State;
            var stored = StoredOf(definition.Id);
            _remembered.Remove(definition.Id);
            var now = _time.GetUtcNow();
            var pattern = ScheduleState.PatternOf(definition);
            var state = known is null ? ScheduleState.New(definition, now)
                : known.Pattern == pattern && known.Source == definition.Source ? known
                : known with { Source = definition.Source, Pattern = pattern, JudgedTo = now, WaitsAfter = null };
            var entry = Publish(new ScheduleEntry(definition, state, stored));
            var isDone = state == known || await TryStoreAsync(async () =>
            {
                if (await _starter.TrySaveAsync(entry, state, cancellationToken).ConfigureAwait(false) is { } saved)
                {
                    Publish(saved);
                    return true;
                }

                await ReloadAsync(definition.Id, cancellationToken).ConfigureAwait(false);
                return false;
            }).ConfigureAwait(false);
            if (isDone)
            {
                return;
            }
        }
    }

    // What the store has of it; null for nothing.
    private byte[]? StoredOf(string id) => _entries.TryGetValue(id, out var entry) ? entry.Stored : _remembered.GetValueOrDefault(id)?.Stored;

    // Another host has changed it.
    private async Task ReloadAsync(string id, CancellationToken cancellationToken)
    {
        var json = await _store.FindScheduleAsync(id, cancellationToken).ConfigureAwait(false);
        var entry = _entries.GetValueOrDefault(id);
        if (json is null)
        {
            _remembered.Remove(id);
            _entries = entry is null || entry.Definition.Source == ScheduleSource.Api
                ? _entries.Remove(id)
                : _entries.SetItem(id, entry with { Stored = null });
            return;
        }

        try
        {
            var state = ScheduleState.FromJson(json);
            if (entry is not null && state.Draft is null)
            {
                Publish(new ScheduleEntry(entry.Definition, state, json));
            }
            else
            {
                Remember(id, state, json);
            }
        }
        catch (JsonException error)
        {
            LogUnreadable(error, id);
            if (entry is null)
            {
                _remembered[id] = new RememberedSchedule(null, json);
            }
            else
            {
                Publish(entry with { Stored = json });
            }
        }
    }

    private void Remember(string id, ScheduleState state, byte[] stored)
    {
        if (state.Draft is not { } draft)
        {
            _remembered[id] = new RememberedSchedule(state, stored);
            return;
        }

        var problems = new List<ScheduleProblem>();
        if (draft.Build(problems) is { } definition)
        {
            Publish(new ScheduleEntry(definition, state, stored));
        }
        else
        {
            _entries = _entries.Remove(id);
            _remembered[id] = new RememberedSchedule(null, stored);
            LogNoLongerValid(id, string.Join(" ", problems.Select(p => p.Message)));
        }
    }

    private ScheduleEntry Publish(ScheduleEntry entry)
    {
        _entries = _entries.SetItem(entry.Definition.Id, entry);
        return entry;
    }

    private async Task<ScheduleChange?> TrySaveAsync(ScheduleEntry entry, ScheduleState state, CancellationToken cancellationToken) =>
        await _starter.TrySaveAsync(entry, state, cancellationToken).ConfigureAwait(false) is { } saved
            ? new ScheduleChange(Publish(saved).Describe())
            : null;

    // What is written elsewhere counts though it cannot be stored now: it is stored with its next change.
    private async Task<bool> TryDeleteAsync(string id, byte[]? stored, CancellationToken cancellationToken)
    {
        try
        {
            return stored is null || await _store.TrySaveScheduleAsync(id, stored, null, cancellationToken).ConfigureAwait(false)
                || await _store.FindScheduleAsync(id, cancellationToken).ConfigureAwait(false) is null;
        }
        catch (TaskStoreException error)
        {
            _outage.Failed(error);
            return false;
        }
    }

    private async Task<bool> TryStoreAsync(Func<Task<bool>> write)
    {
        try
        {
            return await write().ConfigureAwait(false);
        }
        catch (TaskStoreException error)
        {
            _outage.Failed(error);
            return true;
        }
    }

    private Task<ScheduleChange> WithAsync(string id, Func<ScheduleEntry, Task<ScheduleChange?>> change, CancellationToken cancellationToken) =>
        RepeatAsync(
            id,
            async () =>
            {
                if (!_entries.TryGetValue(id, out var entry))
                {
                    return new ScheduleChange(null, ScheduleRefusal.NotFound, $"There is no schedule '{id}'.");
                }

                var changed = await change(entry).ConfigureAwait(false);
                if (changed is null)
                {
                    await ReloadAsync(id, cancellationToken).ConfigureAwait(false);
                }

                return changed;
            },
            cancellationToken);

    // A change that gives null met a change by another host, and is made again of what that has left.
    private Task<ScheduleChange> RepeatAsync(string id, Func<Task<ScheduleChange?>> change, CancellationToken cancellationToken) => ChangeAsync(
        async () =>
        {
            for (var tries = 0; tries < MaxTries; tries++)
            {
                if (await change().ConfigureAwait(false) is { } changed)
                {
                    return changed;
                }
            }

            return Conflict($"The schedule '{id}' is being changed by others: try again.");
        },
        cancellationToken);

    private async Task<T> ChangeAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await change().ConfigureAwait(false);
        }
        finally
        {
            _changes.Release();
        }
    }
}

using CloudFunction.Runtime.Schedules.Cron;
using CloudFunction.Runtime.Tasks;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Makes tasks of what is due. All changes are made one after another; what is read is always a whole.</summary>
internal sealed partial class Scheduler : IScheduleOperations, IDisposable
{
    // How often a change is begun anew because another host has changed the same schedule at the same time.
    private const int MaxTries = 3;

    private readonly IScheduleStore _store;
    private readonly ScheduleStarter _starter;
    private readonly TimeProvider _time;
    private readonly ILogger<Scheduler> _logger;
    private readonly StoreOutage _outage;
    private readonly SemaphoreSlim _changes = new(1, 1);
    private readonly ScheduleBook _book;
    private readonly DueSchedules _due;
    private volatile bool _isLoaded = true;

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
        _book = new ScheduleBook(store, logger);
        _due = new DueSchedules(_book, starter, _outage, time, logger);
    }

    public IReadOnlyList<ScheduleInfo> List() => [.. _book.Entries.Select(e => e.Describe())];

    public ScheduleInfo? Find(string id) => _book.Find(id)?.Describe();

    /// <summary>Takes up what an earlier host has left. To be called first; where the store's disk is full, that follows once there is room, before
    /// anything runs.</summary>
    /// <exception cref="TaskStoreException">It cannot be read.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _book.LoadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TaskStoreException error) when (error.Fault == TaskStoreFault.Full)
        {
            _outage.Failed(error);
            _isLoaded = false;
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
            var gone = _book.IdsOf(source, project);
            foreach (var definition in definitions)
            {
                if (_book.Find(definition.Id) is { } other && other.Definition.Source != source)
                {
                    LogTaken(definition.Id);
                    continue;
                }

                gone.Remove(definition.Id);
                await DefineAsync(definition, cancellationToken).ConfigureAwait(false);
            }

            foreach (var id in gone)
            {
                var stored = _book.StoredOf(id);
                _book.Remove(id);
                if (stored is not null && !await TryDeleteAsync(id, stored, cancellationToken).ConfigureAwait(false))
                {
                    _book.KeepStored(id, stored);
                }
            }

            return true;
        },
        cancellationToken);

    /// <summary>The projects that schedules of the API run functions of, whether there are such projects or not.</summary>
    public IReadOnlyCollection<string> ListProjectsOfApi() => _book.Entries.Where(entry => entry.Definition.Source == ScheduleSource.Api)
        .Select(entry => entry.Definition.Target.Project).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>Deletes the schedules of the API that run functions of a project, which is no more.</summary>
    /// <exception cref="TaskStoreException">One of them cannot be deleted now, and stays.</exception>
    public Task ForgetAsync(string project, CancellationToken cancellationToken) => ChangeAsync(
        async () =>
        {
            if (!_isLoaded)
            {
                await TakeUpAsync(cancellationToken).ConfigureAwait(false); // Else they would be found once there is room.
            }

            foreach (var id in _book.IdsOf(ScheduleSource.Api, project))
            {
                while (_book.StoredOf(id) is { } stored
                    && !await _store.TrySaveScheduleAsync(id, stored, null, cancellationToken).ConfigureAwait(false))
                {
                    await _book.ReloadAsync(id, cancellationToken).ConfigureAwait(false); // Another host has changed it.
                }

                _book.Remove(id);
                LogForgotten(id, project);
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
                if (!_isLoaded)
                {
                    await LoadLateAsync(stopping).ConfigureAwait(false);
                }

                await PollAsync(stopping).ConfigureAwait(false);
                await Task.Delay(_due.DelayUntilNext(), _time, stopping).ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or TaskStoreException { Fault: TaskStoreFault.Closed })
            {
                return;
            }
        }
    }

    private async Task LoadLateAsync(CancellationToken stopping)
    {
        await _outage.UntilDoneAsync(token => ChangeAsync(() => TakeUpAsync(token), token), stopping).ConfigureAwait(false);
        _isLoaded = true;
    }

    // What was defined meanwhile goes on from what is stored of it.
    private async Task<bool> TakeUpAsync(CancellationToken cancellationToken)
    {
        await _book.LoadAsync(cancellationToken).ConfigureAwait(false);
        foreach (var entry in _book.Entries.Where(entry => entry.Definition.Source != ScheduleSource.Api))
        {
            await DefineAsync(entry.Definition, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Decides on all that is due by now.</summary>
    public async Task PollAsync(CancellationToken stopping)
    {
        foreach (var id in _due.Find())
        {
            await ChangeAsync(() => _due.DecideAsync(id, stopping), stopping).ConfigureAwait(false);
        }
    }

    public Task<ScheduleChange> AddAsync(ScheduleDefinition definition, CancellationToken cancellationToken) => RepeatAsync(
        definition.Id,
        async () =>
        {
            if (_book.Find(definition.Id) is not null)
            {
                return Conflict($"There is a schedule '{definition.Id}' already: delete that one first, or choose another name.");
            }

            if (_starter.Check(definition.Target) is { } rejection)
            {
                return new ScheduleChange(null, ScheduleRefusal.NotFound, rejection.Message) { Rejection = rejection };
            }

            Warn(definition);
            var state = ScheduleState.New(definition, _time.GetUtcNow()) with { Draft = ScheduleDraft.Of(definition) };
            return await TrySaveAsync(new ScheduleEntry(definition, state, _book.StoredOf(definition.Id)), state, cancellationToken)
                .ConfigureAwait(false);
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

            _book.Remove(id);
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
                var run => new ScheduleChange(_book.Publish(started).Describe()) { Run = run },
            };
        },
        cancellationToken);

    public void Dispose() => _changes.Dispose();

    private static ScheduleChange Conflict(string message) => new(null, ScheduleRefusal.Conflict, message);

    private async Task DefineAsync(ScheduleDefinition definition, CancellationToken cancellationToken)
    {
        Warn(definition);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var known = _book.StateOf(definition.Id);
            var now = _time.GetUtcNow();
            var pattern = ScheduleState.PatternOf(definition);
            var state = known is null ? ScheduleState.New(definition, now)
                : known.Pattern == pattern && known.Source == definition.Source ? known
                : known with { Source = definition.Source, Pattern = pattern, JudgedTo = now, WaitsAfter = null };
            var entry = _book.Publish(new ScheduleEntry(definition, state, _book.StoredOf(definition.Id)));
            var isDone = state == known || await TryStoreAsync(async () =>
            {
                if (await _starter.TrySaveAsync(entry, state, cancellationToken).ConfigureAwait(false) is { } saved)
                {
                    _book.Publish(saved);
                    return true;
                }

                await _book.ReloadAsync(definition.Id, cancellationToken).ConfigureAwait(false);
                return false;
            }).ConfigureAwait(false);
            if (isDone)
            {
                return;
            }
        }
    }

    private void Warn(ScheduleDefinition definition)
    {
        if (definition.Timing.Cron is { } cron && CronExpressionTimes.HasBothDays(cron))
        {
            LogBothDays(definition.Id, cron);
        }

        if (definition.Recurrence.NextAfter(_time.GetUtcNow()) is null)
        {
            LogOver(definition.Id);
        }
    }

    private async Task<ScheduleChange?> TrySaveAsync(ScheduleEntry entry, ScheduleState state, CancellationToken cancellationToken) =>
        await _starter.TrySaveAsync(entry, state, cancellationToken).ConfigureAwait(false) is { } saved
            ? new ScheduleChange(_book.Publish(saved).Describe())
            : null;

    // What is written elsewhere counts though it cannot be stored now: it is stored with its next change.
    private async Task<bool> TryDeleteAsync(string id, byte[] stored, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.TrySaveScheduleAsync(id, stored, null, cancellationToken).ConfigureAwait(false)
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

    private Task<ScheduleChange> WithAsync(
        string id, Func<ScheduleEntry, Task<ScheduleChange?>> change, CancellationToken cancellationToken) => RepeatAsync(
        id,
        async () => _book.Find(id) is { } entry
            ? await change(entry).ConfigureAwait(false)
            : new ScheduleChange(null, ScheduleRefusal.NotFound, $"There is no schedule '{id}'."),
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

                await _book.ReloadAsync(id, cancellationToken).ConfigureAwait(false);
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

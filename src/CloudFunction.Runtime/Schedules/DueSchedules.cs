using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Which schedules are due, and what becomes of each then. Not thread safe.</summary>
/// <param name="book">All schedules.</param>
/// <param name="starter">Makes the runs.</param>
/// <param name="outage">Waits where the store does not answer.</param>
/// <param name="time">Where the time comes from.</param>
/// <param name="logger">Where to report what operators should know.</param>
internal sealed partial class DueSchedules(ScheduleBook book, ScheduleStarter starter, StoreOutage outage, TimeProvider time, ILogger logger)
{
    // A clock that is set is noticed by then.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    // A run that waits for the one before starts so late at most.
    private static readonly TimeSpan WaitingInterval = TimeSpan.FromMilliseconds(100);

    // One that fails unexpectedly is left alone for so long: it would fail again.
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, long> _restsUntil = new(StringComparer.Ordinal);

    /// <summary>Those to be decided on by now.</summary>
    public IReadOnlyList<string> Find()
    {
        var now = time.GetUtcNow();
        return [.. book.Entries.Where(entry => NeedsDecision(entry, now)).Select(entry => entry.Definition.Id)];
    }

    /// <summary>How long to wait until one may be due.</summary>
    public TimeSpan DelayUntilNext()
    {
        var (now, wait) = (time.GetUtcNow(), PollInterval);
        foreach (var entry in book.Entries.Where(IsAwake))
        {
            var until = entry.State.WaitsAfter is not null ? WaitingInterval : entry.NextRun - now ?? PollInterval;
            wait = until < wait ? until : wait;
        }

        // Timers may come a little early: a poll in vain is cheap, a loop without rest is not.
        return wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait;
    }

    /// <summary>Starts what is due of one, and moves it on. What fails is logged.</summary>
    /// <returns>False where there is no such schedule any more.</returns>
    public async Task<bool> DecideAsync(string id, CancellationToken stopping)
    {
        if (book.Find(id) is not { IsActive: true } entry)
        {
            return false;
        }

        try
        {
            var now = time.GetUtcNow();
            if (entry.State.JudgedTo > now + ScheduleJudge.TrustedSetBack)
            {
                LogSetBack(id, entry.State.JudgedTo);
            }

            var judged = ScheduleJudge.Judge(entry.Definition, entry.State, now);
            if (!await starter.TryStartDueAsync(entry, judged, stored => book.Publish(stored), stopping).ConfigureAwait(false))
            {
                await book.ReloadAsync(id, stopping).ConfigureAwait(false); // Another host has decided.
            }

            outage.Worked();
            _restsUntil.Remove(id);
        }
        catch (TaskStoreException error)
        {
            await outage.WaitAsync(error, stopping).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogUnexpected(error, id); // The edge of one schedule: the others go on.
            _restsUntil[id] = time.After(RestAfterFailure);
        }

        return true;
    }

    private bool NeedsDecision(ScheduleEntry entry, DateTimeOffset now) =>
        IsAwake(entry) && (entry.NextRun <= now || entry.State.WaitsAfter is not null || entry.State.JudgedTo > now + ScheduleJudge.TrustedSetBack);

    private bool IsAwake(ScheduleEntry entry) =>
        entry.IsActive && !(_restsUntil.TryGetValue(entry.Definition.Id, out var until) && time.GetTimestamp() < until);
}

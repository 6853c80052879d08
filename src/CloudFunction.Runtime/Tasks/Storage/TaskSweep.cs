namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>Deletes what is old, in steps that are each a change among others, and gives the freed space back to the disk.</summary>
internal sealed class TaskSweep(TaskWriter writer, ReaderPool readers, ValueFiles files)
{
    // A step is a few milliseconds: that is what a task that is stored meanwhile may wait longer.
    private const int BatchTasks = 200;

    // Pages given back in a step, 2 MB: each is moved by hand from the end of the file.
    private const int BatchPages = 512;

    // Free pages that are kept, 16 MB: the next tasks need them, and giving back and growing again would cost twice.
    private const int KeptPages = 4096;

    /// <summary>Deletes what finished before a time.</summary>
    /// <returns>How many tasks.</returns>
    public async Task<int> RunAsync(DateTimeOffset finishedBefore, CancellationToken cancellationToken)
    {
        var deleted = 0;
        foreach (var function in await readers.ReadAsync(reader => reader.Functions(), cancellationToken).ConfigureAwait(false))
        {
            foreach (var status in TaskStatusRules.Final)
            {
                deleted += await SweepAsync(function, status, finishedBefore, cancellationToken).ConfigureAwait(false);
            }
        }

        var before = finishedBefore.ToUnixTimeMilliseconds();
        long? after = 0;
        while (after is { } place)
        {
            after = await DeleteAsync(
                (tables, released) => tables.Idempotency.Sweep(place, BatchTasks, before, released), cancellationToken).ConfigureAwait(false);
        }

        files.Sweep();
        await GiveBackAsync(cancellationToken).ConfigureAwait(false);
        return deleted;
    }

    private async Task<int> SweepAsync(long function, FunctionTaskStatus status, DateTimeOffset finishedBefore, CancellationToken cancellationToken)
    {
        var (deleted, after, isMore) = (0, long.MinValue, true);
        while (isMore)
        {
            var from = after;
            var keys = await readers.ReadAsync(
                reader => reader.Old(function, status, from, finishedBefore, BatchTasks), cancellationToken).ConfigureAwait(false);
            if (keys.Count > 0)
            {
                after = keys[^1];
                deleted += await DeleteAsync(
                    (tables, released) => tables.Delete(keys, finishedBefore.ToUnixTimeMilliseconds(), released),
                    cancellationToken).ConfigureAwait(false);
            }

            isMore = keys.Count == BatchTasks;
        }

        return deleted;
    }

    // The files go once the rows are gone for good, and not on the writer's thread: deleting a large one takes a while.
    private async Task<T> DeleteAsync<T>(Func<TaskTables, List<long>, T> delete, CancellationToken cancellationToken)
    {
        var (deleted, released) = await writer.WriteAsync(
            0,
            tables =>
            {
                var released = new List<long>();
                return (delete(tables, released), released);
            },
            null,
            cancellationToken).ConfigureAwait(false);
        files.Delete(released);
        return deleted;
    }

    private async Task GiveBackAsync(CancellationToken cancellationToken)
    {
        while (await writer.WriteAsync(0, tables => tables.GiveBack(BatchPages, KeptPages), null, cancellationToken).ConfigureAwait(false))
        {
            // Others are served between two steps.
        }
    }
}

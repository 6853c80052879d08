using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks;

/// <summary>Room for what is due, as if every function had any number of places.</summary>
internal static class DueRooms
{
    /// <summary>Claims what is due, the function with the oldest task first.</summary>
    /// <param name="store">The store.</param>
    /// <param name="owner">Who claims.</param>
    /// <param name="max">How many tasks at most.</param>
    /// <param name="busy">A project that has no room; null for none.</param>
    public static async Task<IReadOnlyList<FunctionTask>> ClaimDueAsync(this ITaskStore store, StoreOwner owner, int max = 100, string? busy = null)
    {
        var rooms = new List<TaskRoom>();
        foreach (var due in (await store.CountDueAsync(CancellationToken.None)).Where(due => due.Project != busy).OrderBy(due => due.Oldest))
        {
            rooms.Add(new TaskRoom(due.Project, due.Function, Math.Min(max, due.Count)));
            max -= rooms[^1].Places;
        }

        return await store.ClaimAsync(owner, rooms, CancellationToken.None);
    }
}

using CloudFunction.Runtime.Bodies;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>
/// Where callbacks wait. The task store adds one in the very commit that finishes a task with a callback URL, due at once and with an id of its own, and
/// deletes it with its task. What a call here changes is durable once its task completes, and nothing is changed when it fails. Thread safe.
/// Fails with <see cref="TaskStoreException"/>; a cancellation ends only the wait for room in the store.
/// </summary>
/// <remarks>The life of a callback: added, claimed (known to this host alone, gone with it), settled; and again from claimed while it waits.</remarks>
internal interface ICallbackStore
{
    /// <summary>
    /// Claims callbacks that are due: first of the project with the fewest claimed, and of its those due longest first. Passes over those whose
    /// project has its share of the <see cref="CallbackQueue.MaxRunning"/> places (as in <see cref="FairPool"/>), and those whose host (the URL's
    /// host and port, in any case) has as many claimed in this project as it may, however many of them come first. A claim uses up no try, and
    /// outlives neither its settlement nor <see cref="Release"/> nor <see cref="Abandon"/> nor this host.
    /// </summary>
    /// <remarks>
    /// A host whose last try in this project failed has one claimed at most, and all such hosts share half of the places in the same way: those that
    /// hang never have all that a project may take, nor all that there is. Where a project has one of them claimed, further ones come after the rest.
    /// </remarks>
    /// <param name="max">How many at most, at least 1.</param>
    /// <param name="maxPerHost">How many of one host may be claimed at once for one project, those of earlier claims counted.</param>
    /// <param name="cancellationToken">See the interface.</param>
    Task<IReadOnlyList<Callback>> ClaimDueAsync(int max, int maxPerHost, CancellationToken cancellationToken);

    /// <summary>Completes once a callback has become due, or has been added, since this last completed. Those that a claim passed over are not told of
    /// again: whoever settles one claims.</summary>
    Task WaitForDueAsync(CancellationToken cancellationToken);

    /// <summary>Stores what a try of a claimed callback came to, counts the try, and ends the claim. Nothing happens where the callback was deleted meanwhile.</summary>
    Task SettleAsync(Callback callback, CallbackSettlement settlement, CancellationToken cancellationToken);

    /// <summary>Ends a claim without a try; the callback is due as before.</summary>
    void Release(Callback callback);

    /// <summary>Ends a claim of which nothing can be stored; the callback is due again once a host opens the store anew.</summary>
    void Abandon(Callback callback);

    /// <summary>How many stand where.</summary>
    Task<CallbackCounts> CountAsync(CancellationToken cancellationToken);
}

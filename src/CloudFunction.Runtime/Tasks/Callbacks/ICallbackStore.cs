using CloudFunction.Runtime.Bodies;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>
/// Where callbacks wait. The task store adds one in the very commit that finishes a task with a callback URL, due at once and with an id of
/// its own, and deletes it with its task. What a call here changes is durable once its task completes, and nothing is changed when it
/// fails. Thread safe. Fails with <see cref="TaskStoreException"/>; a cancellation ends only the wait for room in the store.
/// </summary>
/// <remarks>The life of a callback: added, claimed by an owner for as long as it keeps its lease, settled; and again from claimed
/// while it waits.</remarks>
internal interface ICallbackStore : IStoreLeases
{
    /// <summary>
    /// Claims callbacks that are due: first of the project with the fewest claimed, and of its those due longest first. Skips those whose
    /// project has its share of the <see cref="CallbackQueue.MaxRunning"/> places (as in <see cref="FairPool"/>), and those whose host (the URL's
    /// host and port, in any case) has as many claimed in this project as it may, however many of them come first. A claim uses up no try,
    /// and ends with its settlement, with <see cref="ReleaseAsync"/>, with <see cref="AbandonAsync"/>, or with its owner's lease.
    /// </summary>
    /// <remarks>
    /// A host whose last try in this project failed has one claimed at most, and all such hosts share half of the places in the same way: those that
    /// hang never have all that a project may take, nor all that there is. Where a project has one of them claimed, further ones come after the rest.
    /// </remarks>
    /// <param name="owner">Who claims.</param>
    /// <param name="max">How many at most, at least 1.</param>
    /// <param name="maxPerHost">How many of one host may be claimed at once for one project, those of earlier claims counted.</param>
    /// <param name="cancellationToken">See the interface.</param>
    Task<IReadOnlyList<Callback>> ClaimDueAsync(StoreOwner owner, int max, int maxPerHost, CancellationToken cancellationToken);

    /// <summary>Completes once a callback has become due, or has been added, since this last completed. It does not complete again for
    /// those that a claim skipped: whoever settles one claims.</summary>
    Task WaitForDueAsync(CancellationToken cancellationToken);

    /// <summary>Stores what a try of a claimed callback came to, counts the try, and ends the claim. Nothing happens where the callback
    /// was deleted meanwhile or the claim is lost.</summary>
    Task SettleAsync(Callback callback, StoreOwner owner, CallbackSettlement settlement, CancellationToken cancellationToken);

    /// <summary>Ends a claim without a try; the callback is due as before.</summary>
    Task ReleaseAsync(Callback callback, StoreOwner owner, CancellationToken cancellationToken);

    /// <summary>Ends a claim of which nothing can be stored; the callback is due again once a host opens the store anew.</summary>
    Task AbandonAsync(Callback callback, StoreOwner owner, CancellationToken cancellationToken);
}

using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>
/// Notifies receivers of finished tasks, at least once each, apart from whatever runs tasks: a receiver that is slow or down takes places here alone,
/// and few of those, and no project takes all of them. What waits is in the store, so that it outlives this host. Thread safe.
/// </summary>
internal sealed class CallbackQueue : IAsyncDisposable
{
    /// <summary>How many run at once: enough for hundreds a second, and few sockets.</summary>
    public const int MaxRunning = 16;

    /// <summary>How many of one project and host run at once: with two, one slow answer does not hold up the rest.</summary>
    public const int MaxPerHost = 2;

    private readonly ICallbackStore _store;
    private readonly StoreOwner _owner;
    private readonly ICallbackContent _content;
    private readonly ICallbackSender _sender;
    private readonly ILogger<CallbackQueue> _logger;
    private readonly StoreOutage _outage;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cutting = new();
    private readonly SemaphoreSlim _changed = new(1); // One pending claim is as good as many.
    private readonly HashSet<Task> _running = [];
    private readonly Lock _lock = new();
    private Task _loops = Task.CompletedTask;

    public CallbackQueue(
        ICallbackStore store, StoreOwner owner, ICallbackContent content, ICallbackSender sender, ILogger<CallbackQueue> logger, TimeProvider time)
    {
        _store = store;
        _owner = owner;
        _content = content;
        _sender = sender;
        _logger = logger;
        _outage = new StoreOutage(time, reason => CallbackQueueLog.StoreFailed(logger, reason), () => CallbackQueueLog.StoreBack(logger));
    }

    /// <summary>How many are being tried.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>Starts; to be called once.</summary>
    public void Start() => _loops = Task.WhenAll(ClaimAsync(), WatchAsync());

    /// <summary>Takes no more callbacks and lets those that run end; once cancelled, cuts them, which uses up no try.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(false);
        Task[] running;
        lock (_lock)
        {
            running = [.. _running];
        }

        using var cut = cancellationToken.Register(_cutting.Cancel);
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    /// <summary>Stops, and cuts what runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _stopping.Dispose();
        _cutting.Dispose();
        _changed.Dispose();
    }

    private async Task ClaimAsync()
    {
        try
        {
            while (true)
            {
                await _changed.WaitAsync(_stopping.Token).ConfigureAwait(false);
                if (MaxRunning - Running is var free and > 0)
                {
                    var claimed = await _outage
                        .UntilDoneAsync(token => _store.ClaimDueAsync(_owner, free, MaxPerHost, token), _stopping.Token).ConfigureAwait(false);
                    foreach (var callback in claimed)
                    {
                        Run(callback);
                    }
                }
            }
        }
        catch (Exception exception) when (IsStop(exception))
        {
            // The rest waits in the store.
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await _outage.UntilDoneAsync(_store.WaitForDueAsync, _stopping.Token).ConfigureAwait(false);
                RequestClaim();
            }
        }
        catch (Exception exception) when (IsStop(exception))
        {
            // Nobody claims any more.
        }
    }

    private bool IsStop(Exception exception) =>
        exception is TaskStoreException { Fault: TaskStoreFault.Closed }
        || (exception is OperationCanceledException && _stopping.IsCancellationRequested);

    private void RequestClaim()
    {
        lock (_lock)
        {
            if (_changed.CurrentCount == 0)
            {
                _changed.Release();
            }
        }
    }

    private void Run(Callback callback)
    {
        lock (_lock)
        {
            // Off this thread, so that the removal below waits for the lock and comes after the addition.
            var running = Task.Run(() => TryAsync(callback));
            _running.Add(running);
            _ = running.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Forget(Task ended)
    {
        lock (_lock)
        {
            _running.Remove(ended);
        }

        // What a claim skipped for want of a place has one now.
        if (!_stopping.IsCancellationRequested)
        {
            RequestClaim();
        }
    }

    private async Task TryAsync(Callback callback)
    {
        var host = HostOf(callback);
        try
        {
            var settlement = await SendAsync(callback, host).ConfigureAwait(false);

            // Until this is stored the place stays taken: a store that is down would have the same callback sent again and again.
            await _outage.UntilDoneAsync(token => _store.SettleAsync(callback, _owner, settlement, token), _cutting.Token).ConfigureAwait(false);
            Report(callback, host, settlement);
        }
        catch (Exception exception) when (IsCut(exception))
        {
            await EndClaimAsync(_store.ReleaseAsync).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The edge of a try. The callback is not due again: it would be sent without end, as nothing of it can be stored.
            await EndClaimAsync(_store.AbandonAsync).ConfigureAwait(false);
            CallbackQueueLog.TryFailed(_logger, callback.Task, host, exception);
        }

        async Task EndClaimAsync(Func<Callback, StoreOwner, CancellationToken, Task> end)
        {
            try
            {
                await end(callback, _owner, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TaskStoreException)
            {
                // It stays claimed until this host has ended.
            }
        }
    }

    private async Task<CallbackSettlement> SendAsync(Callback callback, string host)
    {
        try
        {
            var body = await _outage.UntilDoneAsync(token => _content.ReadAsync(callback.Task, token), _cutting.Token).ConfigureAwait(false);
            return body is null
                ? new CallbackSettlement(CallbackState.Gone, "the task is gone, or runs again")
                : CallbackSettlement.Of(
                    await _sender.SendAsync(callback, body.Value, _cutting.Token).ConfigureAwait(false), callback.Tries + 1, Random.Shared);
        }
        catch (Exception exception) when (!IsCut(exception))
        {
            // One callback that cannot be sent must not end the others, nor be sent without end: this was one of its tries.
            CallbackQueueLog.TryFailed(_logger, callback.Task, host, exception);
            return CallbackSettlement.Of(new(CallbackVerdict.Retry, "the host failed; its log has the cause"), callback.Tries + 1, Random.Shared);
        }
    }

    private bool IsCut(Exception exception) =>
        exception is TaskStoreException { Fault: TaskStoreFault.Closed }
        || (exception is OperationCanceledException && _cutting.IsCancellationRequested);

    private void Report(Callback callback, string host, CallbackSettlement settlement)
    {
        switch (settlement.State)
        {
            case CallbackState.Delivered:
                CallbackQueueLog.Delivered(_logger, callback.Task, host, settlement.Reason);
                break;
            case CallbackState.Waiting:
                CallbackQueueLog.TryingAgain(_logger, callback.Task, host, callback.Tries + 1, settlement.Delay, settlement.Reason);
                break;
            default:
                CallbackQueueLog.GivenUp(_logger, callback.Task, host, callback.Tries + 1, settlement.Reason);
                break;
        }
    }

    private static string HostOf(Callback callback) => Uri.TryCreate(callback.Url, UriKind.Absolute, out var url) ? url.Authority : "";
}

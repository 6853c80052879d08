using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting.Parts;

/// <summary>Sends the callbacks of finished tasks. What they contain is the front end's to write; without one nobody could have asked for
/// them.</summary>
internal sealed class CallbacksPart(
    CloudFunctionOptions options, ICallbackStore store, StoreOwner owner, IEnumerable<ICallbackContent> contents, TimeProvider time,
    ILogger<CallbackQueue> logger)
    : IRuntimePart, IAsyncDisposable
{
    private CallbackSender? _sender;
    private CallbackQueue? _queue;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (contents.FirstOrDefault() is { } content)
        {
            _sender = new CallbackSender(
                new CallbackSettings
                {
                    Timeout = options.NotifyTimeout,
                    Key = options.CallbackSecret is { Length: > 0 } secret ? SigningKey.Read(secret) : null,
                    AllowPrivate = options.CallbackAllowPrivate,
                },
                time);
            _queue = new CallbackQueue(store, owner, content, _sender, logger, time);
            _queue.Start();
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        if (_queue is not null)
        {
            await _queue.DisposeAsync().ConfigureAwait(false); // What it is about to send is sent by the next host.
            _queue = null;
        }

        _sender?.Dispose();
        _sender = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);
}

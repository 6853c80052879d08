using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Tasks.Dispatch;

namespace CloudFunction.Runtime.Hosting.Parts;

/// <summary>Runs tasks that are due. When the host stops, no more are begun, and those that run may finish within
/// TIMEOUT_GRACEFUL_SHUTDOWN.</summary>
internal sealed class TasksPart(CloudFunctionOptions options, TaskDispatcher dispatcher, RuntimeStopping stopping, TimeProvider time) : IRuntimePart
{
    private Task _dispatching = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _dispatching = dispatcher.RunAsync(stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _dispatching.ConfigureAwait(false);
        await dispatcher.WhenIdleAsync().WaitAsync(options.GracefulShutdownTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

using CloudFunction.Worker.Functions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Loading;

/// <summary>A deployment whose functions can be called. <see cref="StartAsync"/>, calls, <see cref="StopAsync"/> and
/// <see cref="DisposeAsync"/> come in this order and from one owner; the calls overlap freely.</summary>
internal sealed partial class LoadedProject : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly ConfigurationRoot _configuration;
    private readonly ILogger _logger;
    private readonly List<IHostedService> _started = [];

    public LoadedProject(
        IReadOnlyList<FunctionInvoker> functions,
        IReadOnlyList<SkippedClass> skipped,
        ServiceProvider services,
        ConfigurationRoot configuration,
        ILogger logger)
    {
        Functions = functions;
        Skipped = skipped;
        _services = services;
        _configuration = configuration;
        _logger = logger;
    }

    /// <summary>The functions, sorted by name (ordinal). Never empty.</summary>
    public IReadOnlyList<FunctionInvoker> Functions { get; }

    /// <summary>Classes that look like functions and are none.</summary>
    public IReadOnlyList<SkippedClass> Skipped { get; }

    /// <summary>Starts the project's hosted services, one after the other in the order of their registration.</summary>
    /// <exception cref="ProjectLoadException">One failed: the deployment is refused. Those that had started are stopped by
    /// <see cref="StopAsync"/>.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var current = "A hosted service";
        try
        {
            IHostedService[] services = [.. _services.GetServices<IHostedService>()];
            foreach (var service in services)
            {
                current = service.GetType().FullName!;
                await (service is IHostedLifecycleService lifecycle
                    ? lifecycle.StartingAsync(cancellationToken)
                    : Task.CompletedTask).ConfigureAwait(false);
            }

            foreach (var service in services)
            {
                cancellationToken.ThrowIfCancellationRequested();
                current = service.GetType().FullName!;

                // Before its start: one that fails halfway has something to stop too, as in the generic host.
                _started.Add(service);
                await service.StartAsync(cancellationToken).ConfigureAwait(false);
                Watch(service as BackgroundService);
            }

            foreach (var service in services)
            {
                current = service.GetType().FullName!;
                await (service is IHostedLifecycleService lifecycle
                    ? lifecycle.StartedAsync(cancellationToken)
                    : Task.CompletedTask).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new ProjectLoadException(
                [$"{current} could not be started: {exception.GetType().FullName}: {InvocationFailure.MessageOf(exception)}"], exception);
        }
    }

    /// <summary>Stops what <see cref="StartAsync"/> has started, the last first. Failures are logged and hold nobody up.</summary>
    /// <param name="cancellationToken">Fires when there is no more time: services are to end at once.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _started.Reverse();
        foreach (var service in _started)
        {
            await CallAsync(
                service, service is IHostedLifecycleService lifecycle ? lifecycle.StoppingAsync : null, cancellationToken).ConfigureAwait(false);
        }

        foreach (var service in _started)
        {
            await CallAsync(service, service.StopAsync, cancellationToken).ConfigureAwait(false);
        }

        foreach (var service in _started)
        {
            await CallAsync(
                service, service is IHostedLifecycleService lifecycle ? lifecycle.StoppedAsync : null, cancellationToken).ConfigureAwait(false);
        }

        _started.Clear();
    }

    /// <summary>Disposes the project's singletons. Failures are logged.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _services.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The user's code, at the end of everything.
            LogDisposeFailed(_logger, exception);
        }

        _configuration.Dispose();
    }

    private async Task CallAsync(IHostedService service, Func<CancellationToken, Task>? step, CancellationToken cancellationToken)
    {
        try
        {
            await (step?.Invoke(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The user's code: the other services are still to be stopped.
            LogStopFailed(_logger, exception, service.GetType().FullName!);
        }
    }

    // A background service that dies is nobody's to await, and would die in silence.
    private void Watch(BackgroundService? service) => service?.ExecuteTask?.ContinueWith(
        static (ended, state) =>
        {
            var (logger, name) = ((ILogger, string))state!;
            LogBackgroundServiceFailed(logger, ended.Exception!.GetBaseException(), name);
        },
        (_logger, service.GetType().FullName!),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}

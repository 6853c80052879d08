using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Workers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting.Parts;

/// <summary>
/// Ends the calls that take longer than TIMEOUT_GRACEFUL_SHUTDOWN once the app is asked to stop: the server waits for running calls before it stops
/// the runtime, and those that are cut here are still answered.
/// </summary>
internal sealed class ShutdownLimitPart(
    CloudFunctionOptions options, IHostApplicationLifetime lifetime, ProjectCatalog projects, WorkerSupervisor supervisor, RuntimeStopping stopping,
    TimeProvider time, ILoggerFactory loggers) : IRuntimePart
{
    private readonly ILogger _logger = loggers.CreateLogger(FunctionRuntime.LoggerName);
    private CancellationTokenRegistration _onStopping;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _onStopping = lifetime.ApplicationStopping.Register(() => _ = CutWhenDueAsync());
        return Task.CompletedTask;
    }

    public async Task StopAsync() => await _onStopping.DisposeAsync().ConfigureAwait(false);

    private async Task CutWhenDueAsync()
    {
        try
        {
            await Task.Delay(options.GracefulShutdownTimeout, time, stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        FunctionRuntimeLog.CuttingCalls(_logger);
        foreach (var project in projects.Projects)
        {
            project.Shutdown();
        }

        supervisor.CutCalls();
    }
}

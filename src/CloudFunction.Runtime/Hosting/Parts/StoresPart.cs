using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Hosting.Parts;

/// <summary>Opens what is kept over restarts, and writes it while the host runs and when it stops.</summary>
internal sealed class StoresPart(
    EffectiveSettings settings, ProjectStateFile states, ProjectCounterStore counters, ITaskStore tasks, IIdempotencyStore idempotency,
    IScheduleStore schedules, ICallbackStore callbacks, IDeploymentCatalog deployments, RuntimeStopping stopping,
    ProjectLog log, TimeProvider time) : IRuntimePart
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(5);

    private readonly IHostStore[] _stores =
        [.. new object[] { tasks, idempotency, schedules, callbacks, deployments }.OfType<IHostStore>().Distinct()];

    private Task _flushing = Task.CompletedTask;
    private string? _failure;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        states.Open();
        foreach (var store in _stores)
        {
            store.Open();
        }

        DataFormat.Mark(settings.Options); // Once all that may be refused was read.
        _flushing = FlushAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _flushing.ConfigureAwait(false);
        await FlushOnceAsync(CancellationToken.None).ConfigureAwait(false);
        foreach (var store in _stores)
        {
            await store.CloseAsync().ConfigureAwait(false);
        }
    }

    private async Task FlushAsync()
    {
        using var timer = new PeriodicTimer(FlushInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false))
            {
                await FlushOnceAsync(stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping; the last flush follows.
        }
    }

    private async Task FlushOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await counters.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (_failure is not null)
            {
                _failure = null;
                log.FlushedAgain();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // For example a full disk. The counts stay in memory, and the next round tries again.
            if (_failure != e.Message)
            {
                _failure = e.Message;
                log.FlushFailed(e.Message);
            }
        }
    }
}

using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Hosting.Parts;

/// <summary>Makes tasks of what is due, and follows the schedule file.</summary>
internal sealed class ScheduleRunsPart(Scheduler scheduler, ScheduleFileWatch file, RuntimeStopping stopping) : IRuntimePart
{
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(scheduler.RunAsync(stopping.Token), file.RunAsync(stopping.Token));
        return Task.CompletedTask;
    }

    public Task StopAsync() => _running;
}

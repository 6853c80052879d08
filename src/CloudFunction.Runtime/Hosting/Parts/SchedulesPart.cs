using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Hosting.Parts;

/// <summary>Takes up the schedules that an earlier host has kept, and those of the schedule file.</summary>
internal sealed class SchedulesPart(Scheduler scheduler, ScheduleFileWatch file) : IRuntimePart
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await scheduler.LoadAsync(cancellationToken).ConfigureAwait(false);
        await file.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync() => Task.CompletedTask;
}

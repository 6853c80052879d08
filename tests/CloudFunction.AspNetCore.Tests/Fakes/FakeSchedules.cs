using CloudFunction.Runtime.Schedules;

namespace CloudFunction.AspNetCore.Tests.Fakes;

/// <summary>Schedules that are noted and never due.</summary>
internal sealed class FakeSchedules : IScheduleOperations
{
    public List<string> Acts { get; } = [];

    public List<ScheduleInfo> Infos { get; } = [];

    /// <summary>What every change comes to; null: it is done.</summary>
    public ScheduleChange? Refused { get; set; }

    public ScheduleRun? Run { get; set; }

    public IReadOnlyList<ScheduleInfo> List() => Infos;

    public ScheduleInfo? Find(string id) => Infos.Find(info => info.Definition.Id == id);

    public Task<ScheduleChange> AddAsync(ScheduleDefinition definition, CancellationToken cancellationToken)
    {
        var info = new ScheduleInfo(definition, false, FakeRuntime.Start, []);
        Infos.Add(info);
        return Task.FromResult(Refused ?? new ScheduleChange(info));
    }

    public Task<ScheduleChange> DeleteAsync(string id, CancellationToken cancellationToken) => Act("delete", id);

    public Task<ScheduleChange> PauseAsync(string id, CancellationToken cancellationToken) => Act("pause", id);

    public Task<ScheduleChange> ResumeAsync(string id, CancellationToken cancellationToken) => Act("resume", id);

    public Task<ScheduleChange> RunAsync(string id, CancellationToken cancellationToken) => Act("run", id);

    private Task<ScheduleChange> Act(string act, string id)
    {
        Acts.Add($"{act} {id}");
        return Task.FromResult(
            Refused ?? (Find(id) is { } info ? new ScheduleChange(info) { Run = Run } : new ScheduleChange(null, ScheduleRefusal.NotFound, "gone")));
    }
}

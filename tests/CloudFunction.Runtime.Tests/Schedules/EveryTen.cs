using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>Due at every tenth minute of the hour: 3:10, 3:20 and so on.</summary>
internal sealed class EveryTen : IRecurrence
{
    private static readonly long Step = TimeSpan.FromMinutes(10).Ticks;

    public DateTimeOffset? NextAfter(DateTimeOffset time) => new DateTimeOffset(((time.UtcTicks / Step) + 1) * Step, TimeSpan.Zero);

    public static ScheduleDefinition Schedule(
        MisfirePolicy misfire = MisfirePolicy.Once, OverlapPolicy overlap = OverlapPolicy.Skip, string name = "tick", bool isEnabled = true,
        string pattern = "*/10 * * * *") =>
        new(
            ScheduleDefinition.IdOf("shop", name), name, ScheduleSource.File, new ScheduleTarget("shop", "pay", "{\"a\":1}"u8.ToArray()),
            new ScheduleTiming(pattern, null, "UTC"), new EveryTen(), misfire, overlap, isEnabled);
}

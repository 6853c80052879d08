using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>The moments at which a judgement turns.</summary>
public sealed class ScheduleJudgeTests
{
    private static readonly DateTimeOffset Three = new(2026, 1, 2, 3, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    [Fact]
    public void Judge_ClockIsSetBackAsFarAsIsTrusted_LeavesTheState()
    {
        var state = At(Three + ScheduleJudge.TrustedSetBack);

        Assert.Same(state, ScheduleJudge.Judge(EveryTen.Schedule(), state, Three));
    }

    [Fact]
    public void Judge_ClockIsSetBackFurther_CountsAnewAndNothingWaits()
    {
        var state = At(Three + ScheduleJudge.TrustedSetBack + Instant) with { WaitsAfter = Three.AddHours(-1) };

        var judged = ScheduleJudge.Judge(EveryTen.Schedule(), state, Three);

        Assert.Equal((Three, null), (judged.JudgedTo, judged.WaitsAfter));
    }

    /// <summary>Of those that were due, the last is as late as a run may be, and those before it are later.</summary>
    [Fact]
    public void Judge_SomeWereMissedAndThePolicyIsSkip_RunsTheOneThatIsJustNotTooLate()
    {
        var schedule = EveryTen.Schedule(MisfirePolicy.Skip);
        var now = Three.AddMinutes(20) + ScheduleJudge.MisfireGrace;

        var judged = ScheduleJudge.Judge(schedule, At(Three), now);

        Assert.Equal(Three.AddMinutes(20), ScheduleJudge.NextWaiting(schedule, judged));
        Assert.Equal((Three.AddMinutes(10), ScheduleRunOutcome.Skipped), (judged.Runs[0].Due, judged.Runs[0].Outcome));
        var later = ScheduleJudge.Judge(schedule, At(Three), now + TimeSpan.FromMilliseconds(1));
        Assert.Null(ScheduleJudge.NextWaiting(schedule, later));
        Assert.Equal(Three.AddMinutes(20), later.Runs[0].Due);
    }

    private static ScheduleState At(DateTimeOffset judgedTo) => ScheduleState.New(EveryTen.Schedule(), judgedTo);
}

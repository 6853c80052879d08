using System.Text;
using System.Text.Json;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

public sealed class ScheduleStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("source")]
    [InlineData("outcome")]
    public void FromJson_NumberThatIsUnknown_FailsWithIt(string property)
    {
        var state = new ScheduleState { Source = ScheduleSource.Function, Pattern = "* * * * *", JudgedTo = Now }
            .With(new ScheduleRun(Now, ScheduleRunOutcome.Skipped, null, null, false));
        var json = Encoding.UTF8.GetString(state.ToJson());
        var unknown = json.Replace($"\"{property}\":1", $"\"{property}\":77", StringComparison.Ordinal);
        Assert.NotEqual(json, unknown);

        var error = Assert.Throws<JsonException>(() => ScheduleState.FromJson(Encoding.UTF8.GetBytes(unknown)));

        Assert.Contains("'77'", error.Message, StringComparison.Ordinal);
        Assert.Equal(ScheduleRunOutcome.Skipped, ScheduleState.FromJson(Encoding.UTF8.GetBytes(json)).Runs[0].Outcome);
    }
}

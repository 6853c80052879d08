using System.Globalization;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>Random fields, as APScheduler reads them. Where the clock is never set: what is due in a gap of it is another matter here.</summary>
public sealed class CronFieldsDifferentialTests
{
    private const int Cases = 3000;

    private const string Script = """
        from apscheduler.triggers.cron import CronTrigger
        from datetime import datetime, timedelta
        import pytz
        def answer(question):
            try:
                zone = pytz.timezone(question["Zone"])
                trigger = CronTrigger(timezone=zone, **question["Fields"])
                time, due = datetime.fromisoformat(question["Start"] + "+00:00"), []
                for _ in range(3):
                    time = trigger.get_next_fire_time(None, time.astimezone(zone))
                    if time is None:
                        break
                    time = time.astimezone(pytz.utc)
                    due.append(time.strftime("%Y-%m-%dT%H:%M:%S"))
                    time += timedelta(seconds=1)
                return {"Due": due}
            except ValueError as error:
                return {"Error": str(error)}
        """;

    [SkippableFact]
    public async Task NextAfter_RandomFields_IsWhatApSchedulerReads()
    {
        var missing = PythonOracle.Missing("python3-apscheduler", "apscheduler", "pytz");
        Skip.If(missing is not null, missing);
        var random = new Random(2026);
        var questions = Enumerable.Range(0, Cases).Select(_ => RandomQuestion(random)).ToList();
        var answers = await PythonOracle.AskAsync<Question, Answer>(Script, questions, "apscheduler", "pytz");

        var wrong = questions.Zip(answers).Select(pair => Difference(pair.First, pair.Second)).OfType<string>().Take(20).ToList();

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.InRange(answers.Count(answer => answer.Due is { Count: > 0 }), Cases / 2, Cases);
        Assert.InRange(answers.Count(answer => answer.Error is not null), Cases / 20, Cases);
    }

    private static string? Difference(Question question, Answer answer)
    {
        var text = $"{string.Join(' ', question.Fields.Select(field => $"{field.Key}='{field.Value}'"))} in {question.Zone} from {question.Start}";
        var problems = new List<ScheduleProblem>();
        if (Recurrence.TryRead(new ScheduleTiming(null, question.Fields, question.Zone), problems) is not { } recurrence)
        {
            // What is refused here and was not there: a step that it ignored, and what is never due.
            return answer.Error is not null || answer.Due is [] || problems.TrueForAll(problem =>
                problem.Message.Contains("has a step after a name", StringComparison.Ordinal))
                ? null
                : $"{text}: {string.Join(' ', problems.Select(problem => problem.Message))}, there {string.Join(' ', answer.Due!)}";
        }

        // What is read here and was not there: a step beyond the last value, which leaves the first one.
        if (answer.Error is { } error)
        {
            return error.Contains("is higher than the total range", StringComparison.Ordinal) ? null : $"{text}: is read here, there {error}";
        }

        DateTimeOffset? time = DateTimeOffset.Parse(question.Start + "Z", CultureInfo.InvariantCulture).AddTicks(-1);
        foreach (var due in answer.Due!)
        {
            time = recurrence.NextAfter(time.Value);
            if (time?.UtcDateTime.ToString("s", CultureInfo.InvariantCulture) != due)
            {
                return $"{text}: {time?.UtcDateTime:s}, there {due} of {string.Join(' ', answer.Due)}";
            }
        }

        return answer.Due.Count < 3 && recurrence.NextAfter(time.Value) is { } more ? $"{text}: {more:s}, there nothing more" : null;
    }

    private static Question RandomQuestion(Random random)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (fields.Count < 2)
        {
            // There what is never due is searched to the end of all years.
            fields["year"] = random.Next(4) == 0 ? $"{random.Next(2025, 2031)}" : "2026-2035";
            Add("month", 0.3, 1, 12, "jan feb jun dec");
            Add("day", 0.3, 1, 31, "last 1st");
            Add("week", 0.2, 1, 53, "");
            Add("day_of_week", 0.3, 0, 6, "mon tue sat sun");
            Add("hour", 0.5, 0, 23, "");
            Add("minute", 0.5, 0, 59, "");
            Add("second", 0.3, 0, 59, "");
        }

        var start = new DateTime(2026, 1, 1).AddSeconds(random.Next(2 * 365 * 86400));
        return new Question(fields, random.Next(2) == 0 ? "UTC" : "Asia/Shanghai", start.ToString("s", CultureInfo.InvariantCulture));

        void Add(string name, double chance, int min, int max, string words)
        {
            if (random.NextDouble() < chance)
            {
                var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Part(name, min, max, words));
                fields[name] = string.Join(random.Next(4) == 0 ? " , " : ",", parts);
            }
        }

        string Part(string name, int min, int max, string words)
        {
            var (a, b) = (random.Next(min, max + 1), random.Next(min, max + 1));
            var step = random.Next(1, 9);
            var names = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return random.Next(name == "day" ? 14 : 12) switch
            {
                0 => "*",
                1 => $"*/{step}",
                2 => $"{a}/{step}",
                3 or 4 => $"{Math.Min(a, b)}-{Math.Max(a, b)}",
                5 => $"{Math.Min(a, b)}-{Math.Max(a, b)}/{step}",
                6 when names.Length > 0 && name != "day" => random.Next(3) switch
                {
                    0 => names[random.Next(names.Length)].ToUpperInvariant(),
                    1 => $"{names[0]}-{names[^1]}",
                    _ => $"{names[0]}-{names[2]}/{step}",
                },
                7 => a.ToString("00", CultureInfo.InvariantCulture),
                8 when random.Next(4) == 0 => (max + random.Next(3)).ToString(CultureInfo.InvariantCulture),
                9 when random.Next(8) == 0 => new[] { "", "x", "+1", "-1", "1-", "*/0", "1.5", "5-1", "**" }[random.Next(9)],
                12 => "last",
                13 => $"{new[] { "1st", "2nd", "3rd", "4th", "5th", "last" }[random.Next(6)]} {new[] { "mon", "wed", "sun" }[random.Next(3)]}",
                _ => a.ToString(CultureInfo.InvariantCulture),
            };
        }
    }

    private sealed record Question(Dictionary<string, string> Fields, string Zone, string Start);

    private sealed record Answer(List<string>? Due, string? Error);
}

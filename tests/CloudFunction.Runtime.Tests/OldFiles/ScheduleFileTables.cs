using System.Text;
using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.OldFiles;

/// <summary>Schedule files, which the old system reads with PyYAML and APScheduler.</summary>
internal static class ScheduleFileTables
{
    /// <summary>Fields of <c>type: cron</c>: the first two times in Asia/Shanghai from 2026 on.</summary>
    public static OldFileTable Fields { get; } = new(
        "scheduler_config.yaml: the first two times of 2026, with these fields",
        "scheduler_config.yaml：有这些字段时，2026 年最早的两次",
        "python3-yaml python3-apscheduler",
        ["yaml", "apscheduler", "pytz"],
        """
        import pytz, yaml
        from apscheduler.triggers.cron import CronTrigger
        from datetime import datetime, timedelta
        zone = pytz.timezone("Asia/Shanghai")
        def answer(text):
            try:
                trigger = CronTrigger(timezone=zone, **yaml.safe_load("{" + text + "}"))
                time, due = zone.localize(datetime(2026, 1, 1)), []
                for _ in range(2):
                    time = trigger.get_next_fire_time(None, time)
                    due.append(time.strftime("%Y-%m-%d %H:%M:%S"))
                    time += timedelta(seconds=1)
                return ", ".join(due)
            except Exception:
                return None
        """,
        text => Read($"schedule: {{type: cron, {text}}}", read =>
        {
            var first = read.Recurrence.NextAfter(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(8)).AddTicks(-1));
            var second = read.Recurrence.NextAfter(first!.Value);
            return string.Join(", ", new[] { first, second }.Select(time => $"{time!.Value.ToOffset(TimeSpan.FromHours(8)):yyyy-MM-dd HH:mm:ss}"));
        }),
        [
            new("hour: 8, minute: 30", "2026-01-01 08:30:00, 2026-01-02 08:30:00"),
            new("hour: '*/2'", "2026-01-01 00:00:00, 2026-01-01 02:00:00"),
            new("hour: */2", null),
            new("day_of_week: 0", "2026-01-05 00:00:00, 2026-01-12 00:00:00"),
            new("day_of_week: mon-fri, hour: 9", "2026-01-01 09:00:00, 2026-01-02 09:00:00"),
            new("day_of_week: mon-fri/2", "2026-01-01 00:00:00, 2026-01-02 00:00:00"),
            new("day_of_week: mon-5", "2026-01-05 00:00:00, 2026-01-12 00:00:00"),
            new("day: 13, day_of_week: fri", "2026-02-13 00:00:00, 2026-03-13 00:00:00"),
            new("day: last", "2026-01-31 00:00:00, 2026-02-28 00:00:00"),
            new("day: 1st mon", "2026-01-05 00:00:00, 2026-02-02 00:00:00"),
            new("week: 53", "2026-12-28 00:00:00, 2026-12-29 00:00:00"),
            new("hour: 010", "2026-01-01 08:00:00, 2026-01-02 08:00:00"),
            new("hour: '010'", "2026-01-01 10:00:00, 2026-01-02 10:00:00"),
            new("minute: 1_0", "2026-01-01 00:10:00, 2026-01-01 01:10:00"),
            new("hour: 12:30", null),
            new("hour: 24", null),
            new("minute: '*/90'", null),
        ]);

    /// <summary>Arguments: what the function gets as a, as JSON.</summary>
    public static OldFileTable Arguments { get; } = new(
        "scheduler_config.yaml: what a function gets of this in `args`",
        "scheduler_config.yaml：函数从 `args` 里的这些得到什么",
        "python3-yaml",
        ["yaml"],
        """
        import json, yaml
        def answer(text):
            try:
                value = yaml.safe_load("{" + text + "}")
                return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=lambda other: type(other).__name__)
            except Exception:
                return None
        """,
        text => Read($"schedule: {{type: cron, hour: 8}}, args: {{{text}}}", read => Encoding.UTF8.GetString(read.Target.Payload.Span)),
        [
            new("a: text", "{\"a\":\"text\"}"),
            new("a: true, b: ~, c: 1.5", "{\"a\":true,\"b\":null,\"c\":1.5}"),
            new("a: yes", "{\"a\":true}"),
            new("a: 'yes'", "{\"a\":\"yes\"}"),
            new("a: off", "{\"a\":false}"),
            new("a: 010", "{\"a\":8}"),
            new("a: 1_000", "{\"a\":1000}"),
            new("a: 12:30", "{\"a\":750}"),
            new("a: 0x1F", "{\"a\":31}"),
            new("a: 1e3", "{\"a\":\"1e3\"}"),
            new("a: 2026-01-31", "{\"a\":\"date\"}"),
            new("a: 12345678901234567890", "{\"a\":12345678901234567890}"),
            new("a: y", "{\"a\":\"y\"}"),
        ]);

    private static OldFileReading Read(string entry, Func<ScheduleDefinition, string> show)
    {
        var text = $"tasks: {{projects: {{shop: {{report: {{type: project, project: shop, function: report, {entry}}}}}}}}}";
        try
        {
            return new OldFileReading(show(ScheduleFile.Parse(text, "scheduler.yaml", "Asia/Shanghai").Single()), null);
        }
        catch (ConfigurationFileException error)
        {
            return new OldFileReading(null, error.Errors[0]);
        }
    }
}

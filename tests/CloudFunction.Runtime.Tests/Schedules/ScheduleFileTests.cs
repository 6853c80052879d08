using System.Text;
using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

public sealed class ScheduleFileTests
{
    [Fact]
    public void Parse_SystemAndProjects_ReadsAll()
    {
        var schedules = Parse("""
            tasks:
              system:
                cleanup:
                  type: system
                  function: cleanup_old_tasks
                  args: [7]
                  schedule: {type: cron, hour: 3}
              projects:
                shop:
                  weekly_report:
                    type: project
                    project: shop
                    function: report
                    args: {to: "007", name: 张三, copies: 2, urgent: true, note: null, rate: .5, list: [a, 1]}
                    schedule:
                      type: cron
                      day_of_week: mon
                      hour: 8
                      minute: 30
                      week: "*/4"
                    timezone: Europe/Berlin
                    misfire: skip
                    overlap: queue
                    enabled: false
                  ping:
                    function: ping
                    cron: "30 8 * * 1"
                empty:
            """);

        Assert.Equal(["system_cleanup", "project_shop_weekly_report", "project_shop_ping"], schedules.Select(s => s.Id));
        Assert.Equal((null, "cleanup_old_tasks", "[7]"), (schedules[0].Target.Project, schedules[0].Target.Function, Payload(schedules[0])));
        Assert.Equal("Asia/Shanghai", schedules[0].Timing.TimeZone);
        var report = schedules[1];
        Assert.Equal("""{"to":"007","name":"张三","copies":2,"urgent":true,"note":null,"rate":0.5,"list":["a",1]}""", Payload(report));
        Assert.Equal("*/4", report.Timing.Fields!["week"]);
        Assert.Equal(
            ("Europe/Berlin", MisfirePolicy.Skip, OverlapPolicy.Queue, false),
            (report.Timing.TimeZone, report.Misfire, report.Overlap, report.IsEnabled));
        Assert.Equal(
            new DateTimeOffset(2026, 1, 26, 8, 30, 0, TimeSpan.FromHours(1)),
            report.Recurrence.NextAfter(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(("{}", "30 8 * * 1", true), (Payload(schedules[2]), schedules[2].Timing.Cron, schedules[2].IsEnabled));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing")]
    [InlineData("tasks:")]
    [InlineData("tasks: {system: , projects: {shop: }}")]
    public void Parse_HasNoSchedules_IsEmpty(string text) => Assert.Empty(Parse(text));

    [Fact]
    public void Parse_MuchIsWrong_NamesAllWithTheirPlaces()
    {
        var error = Assert.Throws<ConfigurationFileException>(() => Parse("""
            tasks:
              system:
                cleanup: {function: drop_all, schedule: {hour: 3}}
                other: {function: cleanup_old_tasks, args: [soon], schedule: {hour: 3}}
              projects:
                shop:
                  one:
                    type: system
                    project: store
                    function: report
                    schedule: {type: interval, hour: 25, minutes: 5}
                  two:
                    function: report
                  three:
                    function: report
                    cron: "61 * * * *"
                    schedule: {timezone: Mars/Base}
                    misfire: sometimes
                    overlap: never
                  four:
                    schedule: {hour: 24}
                  Five!: {function: report, cron: "0 0 * * *"}
              more: {}
            """));

        Assert.Equal(
            [
                "schedules.yaml:3:25: 'drop_all' is no function of the host's own; allowed is cleanup_old_tasks",
                "schedules.yaml:4:48: cleanup_old_tasks needs the days after which a finished task is deleted; allowed is a list of one number from "
                + "0 to 36500, such as args: [7]",
                "schedules.yaml:8:15: 'system' stands for 'type'; allowed is project here",
                "schedules.yaml:9:18: 'store' stands for 'project'; allowed is shop here",
                "schedules.yaml:11:26: 'interval' stands for 'type'; allowed is cron here",
                "schedules.yaml:11:42: '25' is out of range: the hour goes from 0 to 23",
            ],
            error.Errors.Take(6));
        Assert.Contains(
            error.Errors, line => line.StartsWith("schedules.yaml:11:46: 'minutes' is no key of the time of a schedule", StringComparison.Ordinal));
        Assert.Contains(
            error.Errors, line => line.StartsWith("schedules.yaml:12:7: It does not define when it is due: write cron", StringComparison.Ordinal));
        Assert.Contains(error.Errors, line => line.StartsWith("schedules.yaml:16:15: '61 * * * *' is no cron expression", StringComparison.Ordinal));
        Assert.Contains(error.Errors, line => line.StartsWith("schedules.yaml:17:30: 'Mars/Base' is no time zone", StringComparison.Ordinal));
        Assert.Contains("schedules.yaml:18:18: 'sometimes' is none of once, skip, all", error.Errors);
        Assert.Contains("schedules.yaml:19:18: 'never' is none of skip, queue, replace", error.Errors);
        Assert.Contains("schedules.yaml:21:26: '24' is out of range: the hour goes from 0 to 23", error.Errors);
        Assert.Contains("schedules.yaml:21:9: there is no function; allowed is the name of the function that runs", error.Errors);
        Assert.Contains(error.Errors, line => line.StartsWith("schedules.yaml:22:7: 'Five!' cannot be a schedule's name", StringComparison.Ordinal));
        Assert.Contains("schedules.yaml:23:3: 'more' is no key of the section 'tasks'; allowed are system, projects", error.Errors);
    }

    [Fact]
    public void Parse_TwoHaveOneId_IsRefused()
    {
        var error = Assert.Throws<ConfigurationFileException>(() => Parse("""
            tasks:
              projects:
                a: {b_c: {function: f, cron: "0 0 * * *"}}
                a_b: {c: {function: f, cron: "0 0 * * *"}}
            """));

        Assert.Contains("'project_a_b_c', is that of another one", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    private static IReadOnlyList<ScheduleDefinition> Parse(string text) => ScheduleFile.Parse(text, "schedules.yaml", "Asia/Shanghai");

    private static string Payload(ScheduleDefinition schedule) => Encoding.UTF8.GetString(schedule.Target.Payload.Span);
}

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
                    schedule: {type: cronical, hour: 25, minutes: 5}
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
                "schedules.yaml:3:25: 'drop_all' is not a function of the host's own; allowed is cleanup_old_tasks",
                "schedules.yaml:4:48: cleanup_old_tasks needs the days after which a finished task is deleted; allowed is a list of one number from "
                + "0 to 36500, such as args: [7]",
                "schedules.yaml:8:15: 'type' is 'system'; allowed is project here",
                "schedules.yaml:9:18: 'project' is 'store'; allowed is shop here",
                "schedules.yaml:11:26: 'type' is 'cronical'; allowed is cron here",
                "schedules.yaml:11:42: '25' is out of range: the hour goes from 0 to 23",
            ],
            error.Errors.Take(6));
        Assert.Contains(
            error.Errors, line => line.StartsWith("schedules.yaml:11:46: 'minutes' is not a key of the time of a", StringComparison.Ordinal));
        Assert.Contains(
            error.Errors, line => line.StartsWith("schedules.yaml:12:7: It does not define when it is due: write cron", StringComparison.Ordinal));
        Assert.Contains(error.Errors, line => line.StartsWith("schedules.yaml:16:15: '61 * * * *' is not a cron", StringComparison.Ordinal));
        Assert.Contains(error.Errors, line => line.StartsWith("schedules.yaml:17:30: 'Mars/Base' is not a time zone", StringComparison.Ordinal));
        Assert.Contains("schedules.yaml:18:18: 'sometimes' is not one of once, skip, all", error.Errors);
        Assert.Contains("schedules.yaml:19:18: 'never' is not one of skip, queue, replace", error.Errors);
        Assert.Contains("schedules.yaml:21:26: '24' is out of range: the hour goes from 0 to 23", error.Errors);
        Assert.Contains("schedules.yaml:21:9: 'function' is missing; allowed is the name of the function that runs", error.Errors);
        Assert.Contains(error.Errors, line => line.StartsWith("schedules.yaml:22:7: 'Five!' cannot be a schedule's name", StringComparison.Ordinal));
        Assert.Contains("schedules.yaml:23:3: 'more' is not a key of the section 'tasks'; allowed are system, projects", error.Errors);
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

    // Expected is what PyYAML reads too; the last is a number that no double can hold.
    [Theory]
    [InlineData("true", "true")]
    [InlineData("False", "false")]
    [InlineData("~", "null")]
    [InlineData("y", "\"y\"")]
    [InlineData("\"yes\"", "\"yes\"")]
    [InlineData("0", "0")]
    [InlineData("-17", "-17")]
    [InlineData("+17", "17")]
    [InlineData("0x1F", "31")]
    [InlineData(".5", "0.5")]
    [InlineData("1.", "1")]
    [InlineData("1.50", "1.50")]
    [InlineData("1.5e+3", "1.5e+3")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("8:75", "\"8:75\"")]
    [InlineData("09:30", "\"09:30\"")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    public void Parse_ArgumentIsTheSameInBothVersionsOfYaml_IsThat(string plain, string json)
    {
        var schedule = Assert.Single(Parse($"tasks: {{projects: {{shop: {{a: {{function: f, cron: '0 0 * * *', args: {{x: {plain}}}}}}}}}}}"));

        Assert.Equal($$"""{"x":{{json}}}""", Payload(schedule));
    }

    [Theory]
    [InlineData("interval", "minutes: 5")]
    [InlineData("date", "run_date: '2026-01-01'")]
    public void Parse_AnotherTrigger_IsOneErrorWithWhatWouldBeRight(string type, string fields)
    {
        var text = $"tasks: {{projects: {{shop: {{a: {{function: f, schedule: {{type: {type}, {fields}}}}}}}}}}}";

        Assert.EndsWith(
            $"'type' is '{type}', which is not available here; allowed is cron, as in minute: '*/5' for every five minutes, or a year, month and day "
            + "for a date",
            Assert.Single(Assert.Throws<ConfigurationFileException>(() => Parse(text)).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TypeOfTheTimeIsNoText_IsOneError()
    {
        var error = Assert.Throws<ConfigurationFileException>(
            () => Parse("tasks: {projects: {shop: {a: {function: f, schedule: {type: [cron], minute: 5}}}}}"));

        Assert.EndsWith("'type' is a list; allowed is text", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NameAndTimeAreWrong_AreTwoErrors()
    {
        var error = Assert.Throws<ConfigurationFileException>(() => Parse("tasks: {projects: {shop: {A!: {function: f}}}}"));

        Assert.Contains(error.Errors, line => line.Contains("'A!' cannot be a schedule's name", StringComparison.Ordinal));
        Assert.Contains(error.Errors, line => line.Contains("It does not define when it is due", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1_0")]
    [InlineData("12:30")]
    public void Parse_FieldDiffersBetweenTheVersionsOfYaml_IsOneError(string minute)
    {
        var text = $"tasks: {{projects: {{shop: {{a: {{function: f, schedule: {{minute: {minute}}}}}}}}}}}";

        Assert.Contains("in YAML 1.1", Assert.Single(Assert.Throws<ConfigurationFileException>(() => Parse(text)).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ManyAreNeverDue_IsAnErrorThatStopsTheReading()
    {
        var entries = string.Join(", ", Enumerable.Range(0, 5_000).Select(n => $"s{n}: {{function: f, schedule: {{month: 2, day: 30}}}}"));

        var error = Assert.Throws<ConfigurationFileException>(() => Parse($"tasks: {{projects: {{shop: {{{entries}}}}}}}"));

        Assert.Equal(100, error.Errors.Count);
        Assert.All(error.Errors, line => Assert.Contains("It is never due", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("yes", "'yes' is text in YAML 1.2 and true in YAML 1.1; allowed is what both read alike: \"yes\" or true")]
    [InlineData("Off", "'Off' is text in YAML 1.2 and false in YAML 1.1; allowed is what both read alike: \"Off\" or false")]
    [InlineData("010", "'010' is the number 10 in YAML 1.2 and the number 8 in YAML 1.1; allowed is what both read alike: 10 or 8 or \"010\"")]
    [InlineData("08", "'08' is the number 8 in YAML 1.2 and text in YAML 1.1; allowed is what both read alike: 8 or \"08\"")]
    [InlineData("0o10", "'0o10' is the number 8 in YAML 1.2 and text in YAML 1.1")]
    [InlineData("0b11", "'0b11' is text in YAML 1.2 and the number 3 in YAML 1.1")]
    [InlineData("-0x1F", "'-0x1F' is text in YAML 1.2 and the number -31 in YAML 1.1")]
    [InlineData("1_000", "'1_000' is text in YAML 1.2 and the number 1000 in YAML 1.1; allowed is what both read alike: \"1_000\" or 1000")]
    [InlineData("1_0.5", "'1_0.5' is text in YAML 1.2 and a number in YAML 1.1")]
    [InlineData("12:30", "'12:30' is text in YAML 1.2 and the number 750 in YAML 1.1; allowed is what both read alike: \"12:30\" or 750")]
    [InlineData("1:30.5", "'1:30.5' is text in YAML 1.2 and a number in base 60 in YAML 1.1")]
    [InlineData("1e3", "'1e3' is a number in YAML 1.2 and text in YAML 1.1; allowed is what both read alike: 1000 or \"1e3\"")]
    [InlineData("1.5e3", "'1.5e3' is a number in YAML 1.2 and text in YAML 1.1; allowed is what both read alike: 1500 or \"1.5e3\"")]
    [InlineData("2026-01-31", "'2026-01-31' is text in YAML 1.2 and a date in YAML 1.1; allowed is what both read alike: \"2026-01-31\"")]
    [InlineData("<<", "'<<' is text in YAML 1.2 and a merge key or a default in YAML 1.1")]
    [InlineData(".inf", "'.inf' is not a number that JSON can hold; allowed are finite numbers, and text in quotes")]
    [InlineData("1.0e+999", "'1.0e+999' is not a number that JSON can hold")]
    public void Parse_ArgumentDiffersBetweenTheVersionsOfYaml_IsRefusedWithItsPlace(string plain, string problem)
    {
        var (before, after) = ("tasks: {projects: {shop: {a: {function: f, cron: '0 0 * * *', args: {x: [", "]}}}}}");

        var error = Assert.Throws<ConfigurationFileException>(() => Parse(before + plain + after));

        Assert.StartsWith($"schedules.yaml:1:{before.Length + 1}: {problem}", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: {function: on, cron: '0 0 * * *'}", "'on' is text in YAML 1.2 and true in YAML 1.1")]
    [InlineData("no: {function: f, cron: '0 0 * * *'}", "'no' is text in YAML 1.2 and false in YAML 1.1")]
    [InlineData("a: {function: f, cron: '0 0 * * *', args: {on: 1}}", "'on' is text in YAML 1.2 and true in YAML 1.1")]
    [InlineData("a: {function: f, cron: '0 0 * * *', args: {enabled: yes}}", "'yes' is text in YAML 1.2 and true in YAML 1.1")]
    [InlineData("a: {function: f, schedule: {hour: 010}}", "'010' is 8 in YAML 1.1; allowed is what is read alike everywhere")]
    [InlineData("a: {function: f, schedule: {hour: */2}}", "'*/2' is an alias in YAML; allowed are values that are written out: where it is text")]
    [InlineData("a: {function: f, schedule: {hour: *}}", "a value cannot begin with '*' in YAML; put it in quotes")]
    public void Parse_NameOrFieldDiffersBetweenTheVersionsOfYaml_IsRefused(string schedule, string problem)
    {
        var error = Assert.Throws<ConfigurationFileException>(() => Parse($"tasks: {{projects: {{shop: {{{schedule}}}}}}}"));

        Assert.Contains(error.Errors, each => each.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("schedule: {hour: 08, minute: 00}")]
    [InlineData("schedule: {hour: 8, minute: 0, enabled: yes}")]
    [InlineData("schedule: {hour: 8}, enabled: on")]
    public void Parse_BothVersionsOfYamlComeToTheSame_IsTaken(string timing)
    {
        var schedule = Assert.Single(Parse($"tasks: {{projects: {{shop: {{a: {{function: f, {timing}}}}}}}}}"));

        Assert.True(schedule.IsEnabled);
        Assert.Equal(
            new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.FromHours(8)),
            schedule.Recurrence.NextAfter(new DateTimeOffset(2025, 12, 31, 23, 0, 0, TimeSpan.FromHours(8))));
    }

    // One bad schedule is an error with its place, whatever the library throws for it.
    [Fact]
    public void Parse_OneCronExpressionIsWrong_IsAnErrorWithItsPlace()
    {
        var error = Assert.Throws<ConfigurationFileException>(() => Parse("""
            tasks:
              projects:
                shop:
                  one: {function: f, cron: "H * * * *"}
                  two: {function: f, cron: "0 0 * * *", timezone: "../../etc/passwd"}
            """));

        Assert.Equal(2, error.Errors.Count);
        Assert.StartsWith("schedules.yaml:4:32: 'H * * * *' is not a cron expression: ", error.Errors[0], StringComparison.Ordinal);
        Assert.StartsWith("schedules.yaml:5:55: '../../etc/passwd' is not a time zone", error.Errors[1], StringComparison.Ordinal);
    }

    private static IReadOnlyList<ScheduleDefinition> Parse(string text) => ScheduleFile.Parse(text, "schedules.yaml", "Asia/Shanghai");

    private static string Payload(ScheduleDefinition schedule) => Encoding.UTF8.GetString(schedule.Target.Payload.Span);
}

using System.Diagnostics;
using CloudFunction.Runtime.Logging.Formatting;
using Microsoft.Extensions.Time.Testing;
using Serilog.Events;
using Serilog.Parsing;

namespace CloudFunction.Runtime.Tests.Logging.Formatting;

public sealed class StandardFormatterTests
{
    private static readonly FakeTimeProvider Shanghai = InZone("Asia/Shanghai");

    [Fact]
    public void Format_UsualFormat_IsOneLineInLocalTime() => Assert.Equal(
        "2026-02-01 07:15:30,007 [WARNING] cloudfunction.projects.hello: Hello 你好 😀\n",
        Write(
            "%(asctime)s [%(levelname)s] %(name)s: %(message)s",
            Records.Create("Hello 你好 😀", LogEventLevel.Warning, properties: ("SourceContext", "cloudfunction.projects.hello"))));

    [Theory]
    [InlineData(LogEventLevel.Verbose, "DEBUG 10")]
    [InlineData(LogEventLevel.Debug, "DEBUG 10")]
    [InlineData(LogEventLevel.Information, "INFO 20")]
    [InlineData(LogEventLevel.Warning, "WARNING 30")]
    [InlineData(LogEventLevel.Error, "ERROR 40")]
    [InlineData(LogEventLevel.Fatal, "CRITICAL 50")]
    public void Format_Level_IsNamedAndNumberedAsInPython(LogEventLevel level, string expected) =>
        Assert.Equal(expected + "\n", Write("%(levelname)s %(levelno)s", Records.Create("", level)));

    [Theory]
    [InlineData("[%(levelname)-8s]", "[INFO    ]")]
    [InlineData("[%(levelname)8s]", "[    INFO]")]
    [InlineData("[%(levelname)-6.2s]", "[IN    ]")]
    [InlineData("[%(levelname)02s]", "[INFO]")]
    [InlineData("%(msecs)03d %(msecs)d %(msecs)s", "007 7 7.0")]
    [InlineData("[%(msecs)5d|%(msecs)-5d|%(msecs)05d|%(msecs)+d|%(msecs) d|%(msecs)+05i|%(msecs).4d]", "[    7|7    |00007|+7| 7|+0007|0007]")]
    [InlineData("[%(levelno)8.2f]", "[   20.00]")]
    [InlineData("%(created)f %(created).1f %(created)d %(created)s", "1769901330.007000 1769901330.0 1769901330 1769901330.007")]
    [InlineData("100%% %(processName)s%%", "100% MainProcess%")]
    [InlineData("[%(asctime)-25s]", "[2026-02-01 07:15:30,007  ]")]
    [InlineData("[%(asctime).10s]", "[2026-02-01]")]
    [InlineData("[%(message)3s|%(message)-3s|%(message).1s]", "[ 😀b|😀b |😀]")]
    [InlineData("%(msecs)u %(msecs)F %(created)F", "7 7.000000 1769901330.007000")]
    public void Format_Layout_IsThatOfPython(string format, string expected) => Assert.Equal(expected + "\n", Write(format, Records.Create("😀b")));

    [Fact]
    public void Format_FieldsOfInvocations_AreWritten() => Assert.Equal(
        "hello greet 0001 4bf92f3577b34da6a3ce929d0e0e4736 12 main\n",
        Write(
            "%(project)s %(function)s %(invocation_id)s %(trace_id)s %(thread)d %(threadName)s",
            Records.Create(
                "",
                properties:
                [
                    ("Project", "hello"), ("Function", "greet"), ("InvocationId", "0001"), ("TraceId", "4bf92f3577b34da6a3ce929d0e0e4736"),
                    ("ThreadId", 12),
                    ("ThreadName", "main"),
                ])));

    [Fact]
    public void Format_FieldsThatARecordHasNot_AreEmpty() => Assert.Equal(
        "||||||  |\n",
        Write("%(name)s|%(project)s|%(function)s|%(invocation_id)s|%(trace_id)s|%(threadName)s|%(thread)2d|", Records.Create("")));

    [Fact]
    public void Format_TraceOfTheRecord_WinsOverTheProperty()
    {
        var trace = ActivityTraceId.CreateFromString("4bf92f3577b34da6a3ce929d0e0e4736");
        var record = new LogEvent(
            Records.Time, LogEventLevel.Error, null, new MessageTemplate([new TextToken("x")]),
            [new LogEventProperty("TraceId", new ScalarValue("other"))], trace, default);

        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736\n", Write("%(trace_id)s", record));
    }

    [Fact]
    public void Format_TemplateWithProperties_IsRendered()
    {
        var template = new MessageTemplateParser().Parse("{Count} left");
        var record = new LogEvent(Records.Time, LogEventLevel.Error, null, template, [new LogEventProperty("Count", new ScalarValue(3))]);

        Assert.Equal("3 left\n", Write("%(message)s", record));
    }

    [Theory]
    [InlineData("a\n2026-01-31 00:00:00,000 [ERROR] root: forged", @"a\n2026-01-31 00:00:00,000 [ERROR] root: forged")]
    [InlineData("a\r\nb\rc", @"a\x0d\nb\x0dc")]
    [InlineData("\u001b[31mred\u009b0m\a\0\u007f", @"\x1b[31mred\x9b0m\x07\x00\x7f")]
    [InlineData("a\tb", "a\tb")]
    [InlineData("a\u2028b\u2029c\u0085d\u202ee\u2066f", @"a\u2028b\u2029c\x85d\u202ee\u2066f")]
    [InlineData(@"C:\new", @"C:\new")]
    public void Format_MessageOrNameWithControlCharacters_StaysOneHarmlessLine(string text, string expected) =>
        Assert.Equal(
            $"{expected} {expected} {expected}\n",
            Write("%(message)s %(name)s %(function)2s", Records.Create(text, properties: [("SourceContext", text), ("Function", text)])));

    [Fact] // Not with the others: an attribute cannot hold half of a pair.
    public void Format_SurrogateWithoutItsPartner_IsEscaped() =>
        Assert.Equal("\\ud83d and \\ude00, 😀\\ud83d\n", Write("%(message)s", Records.Create("\ud83d and \ude00, \ud83d\ude00\ud83d")));

    [Fact]
    public void Format_Exception_FollowsOnIndentedLines()
    {
        var exception = new TextException("System.Exception: a\r\n2026-01-31 00:00:00,000 [ERROR] root: forged\r   at b\n\u001b[2J\n\n");

        Assert.Equal(
            "x\n    System.Exception: a\n    2026-01-31 00:00:00,000 [ERROR] root: forged\n       at b\n    \\x1b[2J\n",
            Write("%(message)s", Records.Create("x", exception: exception)));
    }

    [Fact]
    public void Format_RecordsOfSeveralSeconds_HaveEachItsOwnTime()
    {
        var formatter = StandardFormatter.Create("%(asctime)s", Shanghai);
        var record = new MessageTemplate([new TextToken("x")]);
        var written = new List<int> { 0, 999, 1000, 0 }.ConvertAll(milliseconds =>
            formatter.Write(new LogEvent(Records.Time.AddMilliseconds(milliseconds), LogEventLevel.Error, null, record, [])));

        Assert.Equal(
            ["2026-02-01 07:15:30,007\n", "2026-02-01 07:15:31,006\n", "2026-02-01 07:15:31,007\n", "2026-02-01 07:15:30,007\n"],
            written);
    }

    [Theory]
    [InlineData("%Y-%m-%dT%H:%M:%S%z", "2026-02-01T07:15:30+0800")]
    [InlineData("%d.%m.%y %e %j", "01.02.26  1 032")]
    [InlineData("%a %A %b %B", "Sun Sunday Feb February")]
    [InlineData("%I:%M %p %%", "07:15 AM %")]
    [InlineData("%H:%M:%S %Z", "07:15:30 CST")]
    [InlineData("%C %g %G %V %u %w %U %W %h", "20 26 2026 05 7 0 05 04 Feb")]
    [InlineData("%k|%l|%P|%r|%c|%x|%X", " 7| 7|am|07:15:30 AM|Sun Feb  1 07:15:30 2026|02/01/26|07:15:30")]
    [InlineData("%-d.%-m. %_H %0e %^a %#b %#p %#Z %3j %-3d|%10A|%010B|%Od %Ey", "1.2.  7 01 SUN FEB am cst 032   1|    Sunday|00February|01 26")]
    [InlineData("%F %T %D %R %s", "2026-02-01 07:15:30 02/01/26 07:15 1769901330")]
    [InlineData("yyyy %Y", "yyyy 2026")]
    [InlineData("", "")]
    public void Format_DateFormat_WritesTheTimeSo(string dateFormat, string expected)
    {
        var parts = PercentFormat.Parse("%(asctime)s", out _);
        var formatter = new StandardFormatter("%(asctime)s", parts, DateFormat.Parse(dateFormat, out var errors), Shanghai);

        Assert.Empty(errors);
        Assert.Equal(expected + "\n", formatter.Write(Records.Create("")));
    }

    [Theory]
    [InlineData("UTC", "UTC")]
    [InlineData("Asia/Shanghai", "CST")]
    [InlineData("America/New_York", "EST")]
    [InlineData("Europe/Dublin", "GMT")]
    [InlineData("America/Sao_Paulo", "-03")]
    [InlineData("Asia/Kolkata", "IST")]
    [InlineData("Etc/GMT+5", "-05")]
    public void Format_NameOfTheZone_IsTheShortOneThatPythonWrites(string zone, string expected)
    {
        var format = DateFormat.Parse("%Z", out _);

        Assert.Equal(expected, format.Format(
            TimeZoneInfo.ConvertTime(Records.Time, TimeZoneInfo.FindSystemTimeZoneById(zone)), TimeZoneInfo.FindSystemTimeZoneById(zone)));
    }

    [Theory]
    [InlineData(0, "UTC")]
    [InlineData(120, "+02")]
    [InlineData(-570, "-0930")]
    public void Format_ZoneThatTheSystemHasNoFileOf_IsItsOffset(int minutes, string expected)
    {
        var zone = minutes == 0 ? TimeZoneInfo.Utc : TimeZoneInfo.CreateCustomTimeZone("Nowhere", TimeSpan.FromMinutes(minutes), "a b", "c d");

        Assert.Equal(expected, DateFormat.Parse("%Z", out _).Format(TimeZoneInfo.ConvertTime(Records.Time, zone), zone));
    }

    // From midnight on, in milliseconds: half way between two, where C and Python write the even one.
    [Theory]
    [InlineData(500, "%(created).0f", "1769817600")]
    [InlineData(1500, "%(created).0f", "1769817602")]
    [InlineData(250, "%(created).1f", "1769817600.2")]
    [InlineData(750, "%(created).1f", "1769817600.8")]
    [InlineData(7.8125, "%(created)f", "1769817600.007812")]
    public void Format_NumberHalfWayBetweenTwo_IsTheEvenOne(double milliseconds, string format, string expected)
    {
        var time = new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero).AddTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond));
        var record = new LogEvent(time, LogEventLevel.Error, null, new MessageTemplate([new TextToken("x")]), []);

        Assert.Equal(expected + "\n", Write(format, record));
    }

    [Fact]
    public void Format_EveryCodeOfDates_IsWritten()
    {
        var format = DateFormat.Parse(string.Concat(DateFormat.Codes.Select(code => $"[{code}]")), out var errors);

        Assert.Empty(errors);
        Assert.Equal(DateFormat.Codes.Count, format.Format(Records.Time, TimeZoneInfo.Utc).Count(character => character == '['));
    }

    [Fact]
    public async Task Format_OnSeveralThreads_WritesWholeLines()
    {
        const int Threads = 4;
        var formatter = StandardFormatter.Create("%(asctime)s %(created).3f", Shanghai);
        var template = new MessageTemplate([new TextToken("x")]);
        using var start = new Barrier(Threads);

        var lines = await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Enumerable.Range(0, 1000).Select(second =>
                    formatter.Write(new LogEvent(Records.Time.AddSeconds(second % 7), LogEventLevel.Error, null, template, []))).ToList();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        var expected = Enumerable.Range(0, 1000)
            .Select(second => $"2026-02-01 07:15:{30 + (second % 7)},007 {1769901330 + (second % 7)}.007\n")
            .ToList();
        Assert.All(lines, written => Assert.Equal(expected, written));
    }

    private static string Write(string format, LogEvent record) => StandardFormatter.Create(format, Shanghai).Write(record);

    private static FakeTimeProvider InZone(string id)
    {
        var time = new FakeTimeProvider();
        time.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById(id));
        return time;
    }
}

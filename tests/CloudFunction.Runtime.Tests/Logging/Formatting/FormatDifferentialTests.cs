using System.Globalization;
using System.Text.Json;
using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Formatting;
using CloudFunction.Runtime.Tests.Logging.Configuration;
using Microsoft.Extensions.Time.Testing;
using Serilog.Events;
using Serilog.Parsing;

namespace CloudFunction.Runtime.Tests.Logging.Formatting;

/// <summary>Random formats and records, as Python's logging writes them.</summary>
public sealed class FormatDifferentialTests
{
    private const int Cases = 10_000;

    private const string Script = """
        import logging, os, time
        def answer(question):
            os.environ["TZ"] = question["Zone"]
            time.tzset()
            try:
                formatter = logging.Formatter(question["Format"], question["DateFormat"])
                record = logging.LogRecord(question["Name"], question["Level"], "", 0, question["Message"], None, None)
                record.created, record.msecs = float(question["Created"]), float(question["Milliseconds"])
                record.process, record.thread, record.threadName = question["Process"], 140000000000007, "worker 7"
                return {"Text": formatter.format(record)}
            except (ValueError, TypeError, KeyError, OverflowError) as error:
                return {"Error": type(error).__name__}
        """;

    private static readonly string[] Zones =
    [
        "UTC", "Asia/Shanghai", "America/New_York", "Europe/Dublin", "Europe/Berlin", "Asia/Kolkata", "America/Sao_Paulo", "Africa/Casablanca",
        "Australia/Lord_Howe", "Asia/Kathmandu", "Etc/GMT+5", "America/St_Johns", "Pacific/Auckland",
    ];

    private static readonly string[] Fields =
        ["asctime", "levelname", "levelno", "name", "message", "msecs", "created", "process", "processName", "thread", "threadName"];

    private static readonly LogEventLevel[] Levels =
        [LogEventLevel.Debug, LogEventLevel.Information, LogEventLevel.Warning, LogEventLevel.Error, LogEventLevel.Fatal];

    [SkippableFact]
    public async Task Format_RandomFormatsAndRecords_IsWhatPythonWritesOrRefused()
    {
        var missing = PythonOracle.Missing("python3", "logging");
        Skip.If(missing is not null, missing);
        var random = new Random(8);
        var records = Enumerable.Range(0, Cases).Select(_ => RandomRecord(random)).ToList();
        var questions = records.Select(record => RandomQuestion(random, record)).ToList();
        var answers = await PythonOracle.AskAsync<Question, Answer>(Script, questions, "logging");

        var lines = questions.Zip(records, answers).Select(each => (each.First, Here: Write(each.First, each.Second), There: each.Third)).ToList();

        var wrong = lines.Where(each => each.Here is not null && each.Here != each.There.Text + "\n").Take(20)
            .Select(each => $"{JsonSerializer.Serialize(each.First)}: here {each.Here}, there {each.There}").ToList();
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.InRange(lines.Count(each => each.Here is not null), Cases / 2, Cases);
        Assert.InRange(lines.Count(each => each is { Here: null, There.Text: null }), Cases / 50, Cases);
    }

    private static string? Write(Question question, LogEvent record)
    {
        var time = new FakeTimeProvider();
        time.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById(question.Zone));
        var formatter = JsonSerializer.Serialize(new { format = question.Format, datefmt = question.DateFormat });
        try
        {
            return LoggingConfigurationReader.Parse(
                $"{{version: 1, formatters: {{f: {formatter}}}, handlers: {{h: {{class: logging.StreamHandler, formatter: f}}}}}}",
                "logging.yaml", LoggingFiles.Paths, levelOverride: null, time).Handlers["h"].Formatter.Write(record);
        }
        catch (ConfigurationFileException)
        {
            return null;
        }
    }

    private static LogEvent RandomRecord(Random random)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(631_152_000, 2_208_988_800)).AddTicks(
            random.Next(3) == 0 ? random.Next(4) * TimeSpan.TicksPerSecond / 4 : random.NextInt64(TimeSpan.TicksPerSecond));
        string[] words = ["Hello", "你好", "😀", "100%", "{x}", "%(name)s", "", "a b", "$y", "é"];
        return new LogEvent(
            time, random.GetItems(Levels, 1)[0], null,
            new MessageTemplate([new TextToken(string.Join(' ', random.GetItems(words, random.Next(1, 4))))]),
            [
                new LogEventProperty("SourceContext", new ScalarValue(random.GetItems(["a.b", "cloudfunction.projects.shop", "汉"], 1)[0])),
                new LogEventProperty("ThreadId", new ScalarValue(140000000000007)),
                new LogEventProperty("ThreadName", new ScalarValue("worker 7")),
            ]);
    }

    private static Question RandomQuestion(Random random, LogEvent record) => new(
        random.Next(20) == 0 ? random.GetItems<string?>([null, "", " ", "text", "%%"], 1)[0]
            : string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomPart(random))),
        random.Next(3) == 0 ? random.GetItems<string?>([null, "", "%Y-%m-%d %H:%M:%S %Z"], 1)[0]
            : string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomCode(random))),
        random.GetItems(Zones, 1)[0],
        ((ScalarValue)record.Properties["SourceContext"]).Value!.ToString()!,
        record.MessageTemplate.Text,
        LevelNames.NumberOf(record.Level),
        RecordClock.SecondsOf(record.Timestamp),
        RecordClock.MillisecondsOf(record.Timestamp),
        Environment.ProcessId);

    private static string RandomPart(Random random) => random.Next(10) switch
    {
        0 => random.GetItems([" ", "%%", "[", "]", " - ", "{", "$", "汉"], 1)[0],
        1 when random.Next(8) == 0 => random.GetItems(["%", "%s", "%(x)s", "%(message", "%(lineno)d", "%(message)*d"], 1)[0],
        _ => RandomField(random, random.GetItems(Fields, 1)[0]),
    };

    private static string RandomField(Random random, string name) => $"%({name})"
        + string.Concat(random.GetItems(["-", "0", "+", " "], random.Next(3)))
        + (random.Next(2) == 0 ? random.Next(1, 30).ToString(CultureInfo.InvariantCulture) : "")
        + (random.Next(3) == 0 ? "." + (random.Next(20) == 0 ? "" : random.Next(12).ToString(CultureInfo.InvariantCulture)) : "")
        + (random.Next(25) == 0 ? random.GetItems(["x", "r", "d", "f"], 1)[0]
            : FormatFields.IsNumber(FormatFields.All[name]) ? random.GetItems(["s", "d", "i", "u", "f", "F"], 1)[0]
            : "s");

    private static string RandomCode(Random random) => random.Next(4) == 0
        ? random.GetItems([" ", ":", ".", "T", "年", "-", random.Next(10) == 0 ? "%f" : ",", random.Next(10) == 0 ? "%Q" : "/"], 1)[0]
        : "%"
            + (random.Next(8) == 0 ? string.Concat(random.GetItems(["_", "-", "0", "^", "#"], random.Next(1, 3))) : "")
            + (random.Next(12) == 0 ? random.Next(1, 12).ToString(CultureInfo.InvariantCulture) : "")
            + (random.Next(25) == 0 ? random.GetItems(["E", "O"], 1)[0] : "")
            + random.GetItems(DateFormat.Codes.ToArray(), 1)[0][1..];

    private sealed record Question(
        string? Format, string? DateFormat, string Zone, string Name, string Message, int Level, double Created, int Milliseconds, int Process);

    private sealed record Answer(string? Text, string? Error);
}

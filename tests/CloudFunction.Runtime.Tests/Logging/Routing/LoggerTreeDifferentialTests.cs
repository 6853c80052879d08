using System.Text.Json;
using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Logging.Formatting;
using CloudFunction.Runtime.Logging.Routing;
using CloudFunction.Runtime.Tests.Logging.Configuration;
using CloudFunction.Runtime.Tests.Logging.Formatting;
using Serilog.Events;

namespace CloudFunction.Runtime.Tests.Logging.Routing;

/// <summary>Random loggers and handlers, as Python's <c>dictConfig</c> has them.</summary>
public sealed class LoggerTreeDifferentialTests
{
    private const int Cases = 5_000;

    private const string Script = """
        import io, json, logging, logging.config, sys
        def answer(question):
            logging.root.manager.loggerDict.clear()
            logging.root.handlers.clear()
            logging.root.setLevel(logging.WARNING)
            output, error, sys.stdout, sys.stderr = sys.stdout, sys.stderr, io.StringIO(), io.StringIO()
            try:
                logging.config.dictConfig(json.loads(question["File"]))
                logging.getLogger(question["Name"]).log(question["Level"], "hello")
                return {"Output": sys.stdout.getvalue(), "Errors": sys.stderr.getvalue()}
            except ValueError as problem:
                return {"Problem": str(problem)}
            finally:
                sys.stdout, sys.stderr = output, error
        """;

    private static readonly LogEventLevel[] Levels =
        [LogEventLevel.Debug, LogEventLevel.Information, LogEventLevel.Warning, LogEventLevel.Error, LogEventLevel.Fatal];

    private static readonly string[] Handlers = ["out", "err", "bare"];

    private static readonly object[] LevelsOfFiles =
        ["DEBUG", "INFO", "WARNING", "WARN", "ERROR", "CRITICAL", "FATAL", "NOTSET", 0, 10, 20, 30, 40, 50];

    [SkippableFact]
    public async Task RouteOf_RandomFile_WritesWhatPythonWrites()
    {
        var missing = PythonOracle.Missing("python3", "logging.config");
        Skip.If(missing is not null, missing);
        var random = new Random(80);
        var questions = Enumerable.Range(0, Cases).Select(_ => RandomQuestion(random)).ToList();
        var answers = await PythonOracle.AskAsync<Question, Answer>(Script, questions, "logging.config");

        var results = questions.Zip(answers).Select(pair => (pair.First, Here: Write(pair.First), There: pair.Second)).ToList();

        var wrong = results.Where(each => each.Here is not null && each.Here != each.There).Take(20)
            .Select(each => $"{each.First}: here {each.Here}, there {each.There}").ToList();
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.InRange(results.Count(each => each.Here is not null), Cases * 3 / 4, Cases);
        Assert.InRange(results.Count(each => each.Here?.Errors == "hello\n"), Cases / 50, Cases);
        Assert.InRange(results.Count(each => each.Here?.Output?.Split('\n').Length > 2), Cases / 50, Cases);
    }

    private static Answer? Write(Question question)
    {
        try
        {
            var configuration = LoggingFiles.Parse(question.File);
            var route = new LoggerTree(configuration, new PipelineScope(true, [])).RouteOf(question.Name);
            var level = Array.Find(Levels, level => LevelNames.NumberOf(level) == question.Level);
            return new Answer(TextOf(isError: false), TextOf(isError: true), null);

            string TextOf(bool isError) => !route.IsEnabled(level) ? "" : string.Concat(route.Consoles.ToArray()
                .Where(console => console.IsError == isError && level >= console.Level)
                .Select(console => console.Formatter.Write(Records.Create("hello", level))));
        }
        catch (ConfigurationFileException)
        {
            return null;
        }
    }

    private static Question RandomQuestion(Random random)
    {
        var file = new Dictionary<string, object> { ["version"] = 1, ["formatters"] = new { f = new { format = "f %(message)s" } } };
        file["handlers"] = Handlers.ToDictionary(name => name, name =>
        {
            var handler = new Dictionary<string, object>
            {
                ["class"] = "logging.StreamHandler",
                ["stream"] = name == "err" ? "ext://sys.stderr" : "ext://sys.stdout",
            };
            if (name != "bare")
            {
                handler["formatter"] = "f";
            }

            if (random.Next(3) == 0)
            {
                handler["level"] = random.GetItems(LevelsOfFiles, 1)[0];
            }

            return handler;
        });
        if (random.Next(2) == 0)
        {
            file["root"] = RandomLogger(random);
        }

        if (random.Next(4) == 0)
        {
            file["disable_existing_loggers"] = random.Next(2) == 0;
            file["incremental"] = false;
        }

        string[] names = ["", "root", "a", "a.b", "a.b.c", "ab", "b"];
        file["loggers"] = names.Where(name => random.Next(name is "" or "root" ? 10 : 2) == 0).ToDictionary(name => name, _ => RandomLogger(random));
        return new Question(
            JsonSerializer.Serialize(file), random.GetItems(["a", "a.b", "a.b.c", "a.b.c.d", "ab.x", "b", "c"], 1)[0],
            LevelNames.NumberOf(random.GetItems(Levels, 1)[0]));
    }

    private static Dictionary<string, object> RandomLogger(Random random)
    {
        var logger = new Dictionary<string, object>();
        if (random.Next(2) == 0)
        {
            logger["level"] = random.GetItems(LevelsOfFiles, 1)[0];
        }

        if (random.Next(2) == 0)
        {
            logger["handlers"] = random.GetItems(Handlers, random.Next(4));
        }

        if (random.Next(3) == 0)
        {
            logger["propagate"] = random.Next(2) == 0;
        }

        return logger;
    }

    private sealed record Question(string File, string Name, int Level);

    private sealed record Answer(string? Output, string? Errors, string? Problem);
}

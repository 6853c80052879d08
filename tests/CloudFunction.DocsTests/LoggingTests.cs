using System.Text.Json;
using System.Text.RegularExpressions;
using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Formatting;

namespace CloudFunction.DocsTests;

public sealed partial class LoggingTests
{
    private static readonly LoggingPaths Paths = new(Path.GetTempPath(), Path.Combine(Path.GetTempPath(), "logs"));

    public static TheoryData<string> Pages() => ["docs/logging.md", "docs/zh-CN/logging.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Table_NamesEveryKeyOfTheFileAndNoOther(string page) => Assert.Equal(
        [
            .. LoggingSchema.Top.Except(["formatters", "handlers", "loggers"]),
            .. LoggingSchema.Formatter.Select(key => $"formatters.*.{key}"),
            .. LoggingSchema.Handler.Select(key => $"handlers.*.{key}"),
            .. LoggingSchema.Logger.Select(key => $"loggers.*.{key}"),
        ],
        Cells(page, SchemaKey()).OrderBy(key => key.Contains('.', StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Table_NamesEveryFieldAndNoOther(string page) => Assert.Equal(FormatFields.All.Keys, Cells(page, Field()));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Fields_OfTheTable_AreUnderstood(string page)
    {
        PercentFormat.Parse(string.Concat(Cells(page, WholeField())), out var errors);

        Assert.Empty(errors);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Table_NamesEveryCodeOfDatesAndNoOther(string page) => Assert.Equal(DateFormat.Codes, Cells(page, DateCode()));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Table_NamesEveryKeyOfJsonAndNoOther(string page) => Assert.Equal(JsonFormatter.Keys, Cells(page, JsonKey()));

    [Theory]
    [MemberData(nameof(Pages))]
    public void JsonSample_HasTheKeysInTheirOrder(string page)
    {
        var sample = MarkdownPage.Read(page).Blocks.Single(block => block.Language == "json").Text;
        var keys = JsonDocument.Parse(sample).RootElement.EnumerateObject().Select(property => property.Name).ToList();

        Assert.Equal(JsonFormatter.Keys.Where(keys.Contains), keys);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void FirstSample_IsTheDefault(string page) =>
        Assert.Equal(Describe(LoggingConfigurationReader.Default(Paths, levelOverride: null)), Describe(Samples(page)[0]));

    [Fact]
    public void File_OfTheHostTemplate_IsTheDefault()
    {
        const string File = "templates/content/cloudfunction-host/config/logging_config.yaml";

        var configuration = LoggingConfigurationReader.Parse(System.IO.File.ReadAllText(Repository.PathOf(File)), File, Paths, levelOverride: null);

        Assert.Equal(Describe(LoggingConfigurationReader.Default(Paths, levelOverride: null)), Describe(configuration));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void SecondSample_WritesEverythingToOneFileToo(string page)
    {
        var configuration = Samples(page)[1];

        var json = Assert.IsType<FileHandlerConfiguration>(configuration.Handlers["json"]);
        Assert.Equal(Path.Combine(Paths.LogDirectory, "json.log"), json.Path);
        Assert.IsType<JsonFormatter>(json.Formatter);
        Assert.All([configuration.Root, .. configuration.Loggers.Values], logger => Assert.Contains("json", logger.Handlers));
    }

    private static List<LoggingConfiguration> Samples(string page) =>
        [.. MarkdownPage.Read(page).Blocks
            .Where(block => block.Language == "yaml")
            .Select(block => LoggingConfigurationReader.Parse(block.Text, page, Paths, levelOverride: null))];

    private static IEnumerable<string> Describe(LoggingConfiguration configuration) =>
    [
        .. configuration.Handlers.Values.Select(handler => handler.ToString()),
        .. new[] { configuration.Root }.Concat(configuration.Loggers.Values).Select(logger => $"{logger with { Handlers = [] }} "
            + $"{string.Join(' ', logger.Handlers)}"),
    ];

    private static IEnumerable<string> Cells(string page, Regex pattern) =>
        MarkdownPage.Read(page).Rows.Select(row => pattern.Match(row[0])).Where(match => match.Success).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^`([a-z_]+(?:\.\*\.[A-Za-z()]+)?)`$")]
    private static partial Regex SchemaKey();

    [GeneratedRegex(@"^`%\((\w+)\)\w+`$")]
    private static partial Regex Field();

    [GeneratedRegex(@"^`(%\(\w+\)\w+)`$")]
    private static partial Regex WholeField();

    [GeneratedRegex("^`(%.)`$")]
    private static partial Regex DateCode();

    [GeneratedRegex("^`\"(\\w+)\"`$")]
    private static partial Regex JsonKey();
}

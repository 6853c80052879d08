using CloudFunction.Runtime.Configuration.Yaml;
using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>Reads a logging file: YAML with the schema of Python's <c>logging.config.dictConfig</c>.</summary>
internal static class LoggingConfigurationReader
{
    private const string Version = "1";

    /// <summary>Reads a file of UTF-8, up to 256 KB.</summary>
    /// <param name="path">The file; null: none, which gives <see cref="Default"/>.</param>
    /// <param name="paths">What file names in it are relative to.</param>
    /// <param name="levelOverride">What replaces the level of every logger that has one; those of handlers stay. Null: nothing does.</param>
    /// <param name="time">Whose local time zone times are written in; null: the system's.</param>
    /// <exception cref="ConfigurationFileException">It is wrong, too large, not there or cannot be read; all errors are named.</exception>
    public static LoggingConfiguration Read(string? path, LoggingPaths paths, LogEventLevel? levelOverride, TimeProvider? time = null)
    {
        if (path is null)
        {
            return Default(paths, levelOverride, time);
        }

        return Parse(YamlFile.ReadText(path), path, paths, levelOverride, time);
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The text, with or without a byte order mark, with any line ends.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="paths">As in <see cref="Read"/>.</param>
    /// <param name="levelOverride">As in <see cref="Read"/>.</param>
    /// <param name="time">As in <see cref="Read"/>.</param>
    /// <exception cref="ConfigurationFileException">It is wrong; all errors are named.</exception>
    public static LoggingConfiguration Parse(string text, string path, LoggingPaths paths, LogEventLevel? levelOverride, TimeProvider? time = null)
    {
        var errors = new FileErrors(path);
        var root = YamlTreeReader.Read(text, errors);
        errors.ThrowIfAny();
        if (root is null or YamlText { IsNull: true })
        {
            errors.Add(1, 1, "the file has no content; allowed is a mapping that begins with 'version: 1'");
        }

        errors.ThrowIfAny();
        var configuration = SectionReader.Open(root!, "a logging configuration", errors) is { } top
            ? ReadSections(top, path, paths, levelOverride, errors, time ?? TimeProvider.System)
            : null;
        errors.ThrowIfAny();
        return configuration!;
    }

    /// <summary>What holds where there is no file.</summary>
    /// <param name="paths">Where the files are.</param>
    /// <param name="levelOverride">As in <see cref="Read"/>.</param>
    /// <param name="time">As in <see cref="Read"/>.</param>
    public static LoggingConfiguration Default(LoggingPaths paths, LogEventLevel? levelOverride, TimeProvider? time = null) =>
        DefaultLogging.Create(paths, levelOverride ?? LogEventLevel.Information, time ?? TimeProvider.System);

    private static LoggingConfiguration ReadSections(
        SectionReader top, string path, LoggingPaths paths, LogEventLevel? levelOverride, FileErrors errors, TimeProvider time)
    {
        top.Allow(LoggingSchema.Top, "a logging configuration");
        top.FindBoolean("disable_existing_loggers", otherwise: true);
        if (top.FindBoolean("incremental", otherwise: false))
        {
            errors.Add(top.Find("incremental")!, "'incremental' is true, and there is nothing that the file could add to; allowed is false");
        }

        if (top.Find("version") is not { } version)
        {
            errors.Add(top.Map, "'version' is missing; allowed is 'version: 1'");
        }
        else if (version is not YamlText { Value: Version })
        {
            errors.Add(version, $"'version' is {version.Kind}; allowed is {Version}");
        }

        var formatterReader = new FormatterReader(errors, time);
        var formatters = new OrderedDictionary<string, ITextFormatter>(StringComparer.Ordinal);
        foreach (var (name, node) in EntriesOf(top, "formatters", errors))
        {
            formatters.Add(name.Value, formatterReader.Read(name.Value, node));
        }

        var handlerReader = new HandlerReader(formatters, formatterReader.Default, paths, errors);
        var handlers = new OrderedDictionary<string, DescribedHandler?>(StringComparer.Ordinal);
        foreach (var (name, node) in EntriesOf(top, "handlers", errors))
        {
            handlers.Add(name.Value, handlerReader.Read(name.Value, node));
        }

        FileConflicts.Check(handlers.Values.OfType<DescribedHandler>(), path, errors);
        var loggers = new LoggerReader(handlers, levelOverride, errors);
        loggers.Read(top);
        return new LoggingConfiguration(
            handlers.Values.OfType<DescribedHandler>().ToDictionary(
                handler => handler.Configuration.Name, handler => handler.Configuration, StringComparer.Ordinal),
            loggers.Root,
            loggers.Loggers);
    }

    private static IReadOnlyList<KeyValuePair<YamlText, YamlNode>> EntriesOf(SectionReader top, string key, FileErrors errors) =>
        top.Find(key) is { } node && SectionReader.Open(node, $"the section '{key}'", errors) is { } section ? section.Map.Entries : [];
}

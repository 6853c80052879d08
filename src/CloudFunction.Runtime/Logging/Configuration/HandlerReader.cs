using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Logging.Formatting;
using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>Reads one entry of <c>handlers</c>.</summary>
/// <param name="formatters">The formatters by name.</param>
/// <param name="standard">The formatter of a handler that names none.</param>
/// <param name="paths">What file names are relative to.</param>
/// <param name="errors">Where errors are noted.</param>
internal sealed class HandlerReader(
    IReadOnlyDictionary<string, ITextFormatter> formatters, ITextFormatter standard, LoggingPaths paths, FileErrors errors)
{
    // As many megabytes as anybody has room for; that it fits a number of bytes is not the limit.
    private const long MaxFileBytes = 1L << 40;

    // Every rotation renames all of them.
    private const int MaxBackups = 1000;

    private const string StreamClass = "logging.StreamHandler";
    private const string FileClass = "logging.FileHandler";
    private const string RotatingFileClass = "logging.handlers.RotatingFileHandler";

    private const string Allowed = $"allowed are {StreamClass}, {FileClass} and {RotatingFileClass}";

    /// <summary>Reads it; null where it is so wrong that there is none, which is noted.</summary>
    public DescribedHandler? Read(string name, YamlNode node)
    {
        if (SectionReader.Open(node, $"the handler '{name}'", errors) is not { } section)
        {
            return null;
        }

        var handlerClass = section.FindText("class");
        var keys = handlerClass?.Value switch
        {
            StreamClass => LoggingSchema.Stream,
            FileClass => LoggingSchema.File,
            RotatingFileClass => LoggingSchema.RotatingFile,
            _ => null,
        };
        if (keys is null)
        {
            errors.Add(
                handlerClass ?? node,
                handlerClass is null ? $"the handler '{name}' has "
                    + $"no class; {Allowed}" : $"the handler class '{handlerClass.Value}' is not known; {Allowed}");
        }

        section.Allow(keys ?? LoggingSchema.Handler, keys is null ? "a handler" : $"a {handlerClass!.Value}", LoggingSchema.Handler);
        var formatter = ReadFormatter(section);
        var level = ReadLevel(section);
        return keys is null ? null
            : handlerClass!.Value == StreamClass ? new(new StreamHandlerConfiguration(name, formatter, level, ReadIsError(section)), FileName: null)
            : ReadFile(name, section, formatter, level);
    }

    private ITextFormatter ReadFormatter(SectionReader section)
    {
        if (section.FindText("formatter") is not { } name)
        {
            return standard;
        }

        if (formatters.TryGetValue(name.Value, out var formatter))
        {
            return formatter;
        }

        errors.Add(name, $"there is no formatter '{name.Value}'{NearestName.Suggest(name.Value, formatters.Keys)}; "
            + $"{Names.Allowed(formatters.Keys, "formatters")}");
        return standard;
    }

    private LogEventLevel ReadLevel(SectionReader section)
    {
        LogEventLevel? level = null;
        if (section.FindText("level") is { } text && !LevelNames.TryParse(text.Value, out level))
        {
            errors.Add(text, $"the level '{text.Value}' is not known; allowed are {LevelNames.Allowed}");
        }

        return level ?? LogEventLevel.Verbose;
    }

    private bool ReadIsError(SectionReader section)
    {
        var stream = section.FindText("stream");
        if (stream is not null && stream.Value is not ("ext://sys.stdout" or "ext://sys.stderr"))
        {
            errors.Add(stream, $"the stream '{stream.Value}' is not known; allowed are ext://sys.stdout and ext://sys.stderr");
        }

        // As in Python, where it is standard error that a handler without one has.
        return stream?.Value != "ext://sys.stdout";
    }

    private DescribedHandler? ReadFile(string name, SectionReader section, ITextFormatter formatter, LogEventLevel level)
    {
        section.FindBoolean("delay", otherwise: false);
        if (section.FindText("mode") is { Value: not "a" } mode)
        {
            errors.Add(mode, $"the mode '{mode.Value}' is not known; allowed is a, which appends");
        }

        if (section.FindText("encoding") is { } encoding && encoding.Value.ToUpperInvariant() is not ("UTF-8" or "UTF8" or "UTF_8" or "U8"))
        {
            errors.Add(encoding, $"the encoding '{encoding.Value}' is not known; allowed is utf-8, which all files are written in");
        }

        var maxBytes = section.FindInteger("maxBytes", otherwise: 0, MaxFileBytes);
        var backups = (int)section.FindInteger("backupCount", otherwise: 0, MaxBackups);
        if (section.Find("filename") is null)
        {
            errors.Add(section.Map, $"the handler '{name}' has no filename; allowed is a file, such as logs/{name}.log");
            return null;
        }

        if (section.FindText("filename") is not { } fileName)
        {
            return null;
        }

        var path = LogFilePath.Resolve(fileName.Value, paths, out var error);
        if (error is not null)
        {
            errors.Add(fileName, error);
            return null;
        }

        // As in Python, where a file that may have no backup never rotates.
        var isPerProject = path.Contains(LogFilePath.Project, StringComparison.Ordinal);
        return new(new FileHandlerConfiguration(name, formatter, level, path, isPerProject, backups == 0 ? 0 : maxBytes, backups), fileName);
    }
}

using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Logging.Formatting;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>Reads <c>root</c> and <c>loggers</c>, where the root may be called so or <c>''</c>.</summary>
/// <param name="handlers">The handlers by name; null for one that is wrong, which has been noted.</param>
/// <param name="levelOverride">What replaces every level that is set, and the root's in any case; null: nothing does.</param>
/// <param name="errors">Where errors are noted.</param>
internal sealed class LoggerReader(IReadOnlyDictionary<string, DescribedHandler?> handlers, LogEventLevel? levelOverride, FileErrors errors)
{
    /// <summary>The logger that all records end at.</summary>
    public const string RootName = "root";

    /// <summary>The logger of all projects.</summary>
    public const string ProjectsName = "cloudfunction.projects";

    private readonly Dictionary<string, LoggerRule> _loggers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The loggers but the root, by name in any case.</summary>
    public IReadOnlyDictionary<string, LoggerRule> Loggers => _loggers;

    /// <summary>The root. Without an entry of its own it has, as in Python, no handlers and lets WARNING through.</summary>
    public LoggerRule Root { get; private set; } = new(RootName, levelOverride ?? LogEventLevel.Warning, [], Propagate: false);

    /// <summary>Reads both parts of a file.</summary>
    public void Read(SectionReader top)
    {
        Dictionary<string, YamlText> seen = new(StringComparer.OrdinalIgnoreCase);
        if (top.Find(RootName) is { } root)
        {
            seen.Add(RootName, top.FindKey(RootName)!);
            ReadLogger(RootName, root);
        }

        if (top.Find("loggers") is not { } loggers || SectionReader.Open(loggers, "the section 'loggers'", errors) is not { } section)
        {
            return;
        }

        foreach (var (key, value) in section.Map.Entries)
        {
            var name = key.Value.Length == 0 ? RootName : key.Value; // As in Python.
            if (!seen.TryAdd(name, key))
            {
                errors.Add(
                    key,
                    $"the logger '{name}' is here a second time, after line {seen[name].Line}; allowed is each logger once, and "
                    + $"case does not count{(name == RootName ? ", and '' is the root" : "")}");
            }
            else if (Array.Exists(name.Split('.'), string.IsNullOrWhiteSpace))
            {
                errors.Add(
                    key, $"the logger's name '{key.Value}' has an empty part; allowed are parts with a dot between them, such as {ProjectsName}");
            }
            else
            {
                ReadLogger(name, value);
            }
        }
    }

    private void ReadLogger(string name, YamlNode node)
    {
        var isRoot = name.Equals(RootName, StringComparison.OrdinalIgnoreCase);
        if (node is YamlText { IsNull: true } && !isRoot)
        {
            _loggers.Add(name, new LoggerRule(name, null, [], Propagate: true));
        }
        else if (SectionReader.Open(node, $"the logger '{name}'", errors) is { } section)
        {
            section.Allow(LoggingSchema.Logger, "a logger");
            var rule = new LoggerRule(
                name, ReadLevel(section, isRoot), ReadHandlers(section, name), section.FindBoolean("propagate", otherwise: !isRoot));
            if (isRoot)
            {
                Root = rule with { Name = RootName };
            }
            else
            {
                _loggers.Add(name, rule);
            }
        }
    }

    private LogEventLevel? ReadLevel(SectionReader section, bool isRoot)
    {
        // NOTSET lets everything through at the root, and asks the ancestors elsewhere.
        LogEventLevel? level = null;
        var text = section.FindText("level");
        if (text is not null && !LevelNames.TryParse(text.Value, out level))
        {
            errors.Add(text, $"the level '{text.Value}' is not known; allowed are {LevelNames.Allowed}");
        }

        if (isRoot)
        {
            level ??= text is null ? LogEventLevel.Warning : LogEventLevel.Verbose;
        }

        return level is null ? null : levelOverride ?? level;
    }

    private List<string> ReadHandlers(SectionReader section, string logger)
    {
        List<string> names = [];
        foreach (var name in section.FindNames("handlers"))
        {
            if (!handlers.TryGetValue(name.Value, out var handler))
            {
                errors.Add(name, $"there is no handler '{name.Value}'{NearestName.Suggest(name.Value, handlers.Keys)}; "
                    + $"{Names.Allowed(handlers.Keys, "handlers")}");
            }
            else if (handler?.Configuration is FileHandlerConfiguration { IsPerProject: true } && !IsOfProjects(logger))
            {
                errors.Add(
                    name,
                    $"the handler '{name.Value}' has {LogFilePath.Project} in its file name, and records of the logger '{logger}' have no project; "
                    + $"allowed is such a handler in {ProjectsName} and the loggers below it");
            }
            else if (!names.Contains(name.Value))
            {
                names.Add(name.Value);
            }
        }

        return names;
    }

    private static bool IsOfProjects(string logger) =>
        logger.StartsWith(ProjectsName, StringComparison.OrdinalIgnoreCase)
        && (logger.Length == ProjectsName.Length || logger[ProjectsName.Length] == '.');
}

using System.Collections.Concurrent;
using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Formatting;
using CloudFunction.Runtime.Logging.Records;
using Microsoft.Extensions.Logging;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Routing;

/// <summary>A logging configuration as records meet it, by the rules of Python's logging. It never changes. Thread safe.</summary>
internal sealed class LoggerTree(LoggingConfiguration configuration, PipelineScope scope)
{
    private const int Nothing = (int)LogEventLevel.Fatal + 1;
    private const string ProjectPlaceholder = "{project_name}";

    // What Python does with a record that meets no handler at all.
    private static readonly StreamHandlerConfiguration LastResort = new(
        "lastResort", StandardFormatter.Create(StandardFormatter.DefaultFormat, TimeProvider.System), LogEventLevel.Warning, IsError: true);

    private readonly ConcurrentDictionary<string, LoggerRoute> _routes = new(StringComparer.Ordinal);

    /// <summary>Where the records of a logger go; worked out once.</summary>
    public LoggerRoute RouteOf(string name) => _routes.GetOrAdd(name, static (name, tree) => tree.Resolve(name), this);

    /// <summary>The lowest level that is wanted of any project.</summary>
    public LogEventLevel FindLowestProjectLevel()
    {
        // Any name stands for the projects that have no logger of their own.
        var lowest = RouteOf(LoggerName.OfProject("any")).Level;
        foreach (var name in configuration.Loggers.Keys)
        {
            if (LoggerName.FindProject(name) is { } project)
            {
                lowest = Math.Min(lowest, RouteOf(LoggerName.OfProject(project)).Level);
            }
        }

        return (LogEventLevel)Math.Min(lowest, (int)LogEventLevel.Fatal);
    }

    private LoggerRoute Resolve(string name)
    {
        List<FileHandlerConfiguration> files = [];
        List<StreamHandlerConfiguration> consoles = [];
        var project = LoggerName.FindProject(name);
        if (!scope.IsWholeHost && !LoggerName.IsWithin(name, LoggerName.Host))
        {
            return new LoggerRoute(this, name, project, Nothing, [], []);
        }

        var nearest = FindRule(name, out var nearestName);
        var level = LevelOf(nearest, nearestName);
        var handlers = 0;
        for (var (rule, ruleName) = (nearest, nearestName); ;)
        {
            handlers += rule.Handlers.Count;
            foreach (var handler in rule.Handlers)
            {
                Add(configuration.Handlers[handler], project, files, consoles);
            }

            if (ruleName is null || !rule.Propagate)
            {
                break;
            }

            rule = FindRule(LoggerName.FindParent(ruleName), out ruleName);
        }

        if (handlers == 0 && scope.IsWholeHost)
        {
            consoles.Add(LastResort);
        }

        return new LoggerRoute(
            this, name, project, LowestOf(Math.Max(level, FloorOf(name, nearestName)), files, consoles), [.. files], [.. consoles]);
    }

    // A handler on a logger and on one above it gets a record twice, as in Python.
    private void Add(
        HandlerConfiguration handler, string? project, List<FileHandlerConfiguration> files, List<StreamHandlerConfiguration> consoles)
    {
        switch (handler)
        {
            case FileHandlerConfiguration { IsPerProject: false } file:
                files.Add(file);
                break;
            case FileHandlerConfiguration { IsPerProject: true } file when project is not null:
                var own = file with { Path = file.Path.Replace(ProjectPlaceholder, project, StringComparison.Ordinal) };
                files.Add(own);
                break;
            case StreamHandlerConfiguration console when scope.IsWholeHost:
                consoles.Add(console);
                break;
        }
    }

    // The nearest rule at that name or above, and where it stands: null for the root.
    private LoggerRule FindRule(string? name, out string? at)
    {
        for (at = name; at is not null; at = LoggerName.FindParent(at))
        {
            if (configuration.Loggers.TryGetValue(at, out var rule))
            {
                return rule;
            }
        }

        return configuration.Root;
    }

    private int LevelOf(LoggerRule rule, string? name)
    {
        while (rule.Level is null && name is not null)
        {
            rule = FindRule(LoggerName.FindParent(name), out name);
        }

        return (int)(rule.Level ?? LogEventLevel.Verbose);
    }

    private int FloorOf(string name, string? nearestRule)
    {
        var longest = -1;
        var level = 0;
        foreach (var floor in scope.Floors)
        {
            if (floor.Category.Length > longest && LoggerName.IsWithin(name, floor.Category) && (nearestRule?.Length ?? 0) < floor.Category.Length)
            {
                longest = floor.Category.Length;
                level = floor.Level == LogLevel.None ? Nothing : (int)EventLevel.Of(floor.Level);
            }
        }

        return level;
    }

    private static int LowestOf(int level, List<FileHandlerConfiguration> files, List<StreamHandlerConfiguration> consoles)
    {
        var handlers = Nothing;
        foreach (var file in files)
        {
            handlers = Math.Min(handlers, (int)file.Level);
        }

        foreach (var console in consoles)
        {
            handlers = Math.Min(handlers, (int)console.Level);
        }

        return Math.Max(level, handlers);
    }
}

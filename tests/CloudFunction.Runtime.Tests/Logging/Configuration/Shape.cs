using System.Globalization;
using CloudFunction.Runtime.Logging.Configuration;

namespace CloudFunction.Runtime.Tests.Logging.Configuration;

/// <summary>A configuration as lines of text, so that two of them can be compared and a test can say what it expects.</summary>
internal static class Shape
{
    public static IEnumerable<string> Of(LoggingConfiguration configuration) =>
    [
        .. configuration.Handlers.OrderBy(handler => handler.Key, StringComparer.Ordinal).Select(handler => $"{handler.Key} = {Of(handler.Value)}"),
        Of(configuration.Root),
        .. configuration.Loggers.OrderBy(logger => logger.Key, StringComparer.Ordinal).Select(logger => $"{logger.Key} = {Of(logger.Value)}"),
    ];

    public static string Of(HandlerConfiguration handler)
    {
        var common = $"{handler.Name} {handler.Level} [{handler.Formatter}]";
        return handler switch
        {
            StreamHandlerConfiguration stream => $"{common} {(stream.IsError ? "stderr" : "stdout")}",
            FileHandlerConfiguration file => string.Create(
                CultureInfo.InvariantCulture,
                $"{common} {file.Path}{(file.IsPerProject ? " per project" : "")} {file.MaxBytes} x {file.BackupCount}"),
            _ => throw new ArgumentOutOfRangeException(nameof(handler), handler, "It is of no known kind."),
        };
    }

    public static string Of(LoggerRule rule) =>
        $"{rule.Name}: {rule.Level?.ToString() ?? "inherits"} [{string.Join(' ', rule.Handlers)}]{(rule.Propagate ? " propagates" : "")}";
}

using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Logging.Records;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>The settings of logging as the log needs them.</summary>
/// <param name="Paths">What file names are relative to.</param>
/// <param name="ConfigurationFile">The logging file, absolute.</param>
/// <param name="IsRequired">Whether somebody named it, so that it must exist; else the default holds without it.</param>
/// <param name="Level">Replaces the loggers' levels; null: they hold.</param>
internal sealed record LoggingSettings(LoggingPaths Paths, string ConfigurationFile, bool IsRequired, LogEventLevel? Level)
{
    private const string DefaultFileName = "logging_config.yaml";

    /// <summary>Takes them from the settings in force.</summary>
    public static LoggingSettings From(CloudFunctionOptions options, string contentRoot) => new(
        new LoggingPaths(Path.GetFullPath(contentRoot), options.LogDirectory),
        options.LogConfigurationFile ?? Path.Combine(options.ConfigDirectory, DefaultFileName),
        options.LogConfigurationFile is not null,
        options.LogLevel is { } level ? EventLevel.Of(level) : null);
}

using System.Reflection;
using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Logging.Configuration;
using Serilog.Events;

namespace CloudFunction.Runtime.Tests.Logging.Configuration;

/// <summary>Logging files as the tests read them.</summary>
internal static class LoggingFiles
{
    /// <summary>The file of the deployment guide, as its users write it.</summary>
    public static string GuidePath { get; } = PathOf("logging_config.yaml");

    public static LoggingPaths Paths { get; } = new(Path.Combine(Path.GetTempPath(), "app"), Path.Combine(Path.GetTempPath(), "var", "logs"));

    public static string PathOf(string name) => Path.Combine(
        typeof(LoggingFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!,
        "tests",
        "CloudFunction.Runtime.Tests",
        "Logging",
        "Configuration",
        name);

    public static LoggingConfiguration Parse(string text, LogEventLevel? level = null) =>
        LoggingConfigurationReader.Parse(text, "logging.yaml", Paths, level);

    public static IReadOnlyList<string> ErrorsOf(string text) => Assert.Throws<ConfigurationFileException>(() => Parse(text)).Errors;
}

using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Configuration.Yaml;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>The logging file on the disk, and whether it is another than the one that was read. For one thread at a time.</summary>
internal sealed class LoggingFile(LoggingSettings settings, TimeProvider time)
{
    private readonly WatchedFile _file = new(settings.ConfigurationFile);

    /// <summary>Where it is.</summary>
    public string Path => _file.Path;

    /// <summary>Reads it; where it is missing and nobody named it, the default holds.</summary>
    /// <exception cref="ConfigurationFileException">It is wrong, or named and missing.</exception>
    public LoggingConfiguration Read() => _file.Note() || settings.IsRequired
        ? LoggingConfigurationReader.Read(Path, settings.Paths, settings.Level, time)
        : LoggingConfigurationReader.Default(settings.Paths, settings.Level, time);

    /// <summary>Whether it is another than the one that was last read. A file that was removed changes nothing: an editor may be about
    /// to put it back.</summary>
    public bool HasChanged() => _file.HasChanged();
}

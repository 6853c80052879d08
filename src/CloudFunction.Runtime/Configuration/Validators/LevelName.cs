using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Levels that the logging file has a name for; null for none.</summary>
internal sealed class LevelName : ISettingValidator<LogLevel?>
{
    /// <inheritdoc/>
    public string Allowed => "debug, info, warning, error or critical";

    /// <inheritdoc/>
    public bool IsValid(LogLevel? value) => value is null or (>= LogLevel.Debug and <= LogLevel.Critical);
}

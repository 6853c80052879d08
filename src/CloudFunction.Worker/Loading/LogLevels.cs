using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudFunction.Worker.Loading;

/// <summary>Applies <c>Logging:LogLevel</c> of the project's configuration, as every .NET host does. A level that is none is left out.</summary>
/// <remarks>Microsoft.Extensions.Logging.Configuration would do it too, at the price of three more assemblies on every cold start.</remarks>
internal sealed class LogLevels(IConfiguration configuration) : IConfigureOptions<LoggerFilterOptions>
{
    public void Configure(LoggerFilterOptions options)
    {
        foreach (var entry in configuration.GetSection("Logging:LogLevel").GetChildren())
        {
            if (Enum.TryParse<LogLevel>(entry.Value, ignoreCase: true, out var level))
            {
                var category = string.Equals(entry.Key, "Default", StringComparison.OrdinalIgnoreCase) ? null : entry.Key;
                options.Rules.Add(new LoggerFilterRule(providerName: null, category, level, filter: null));
            }
        }
    }
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudFunction.Worker.Loading;

/// <summary>
/// Leaves it to the host which records it wants, and lets it change its mind: .NET's own default, which fixes the lowest level to Information
/// when a logger is made, does not hold for the provider that sends records to the host. What the project asks for itself, by
/// <c>Logging:LogLevel</c>, filters or a minimum level, does.
/// </summary>
/// <param name="provider">The full name of the provider's type.</param>
internal sealed class HostLevels(string provider) : IPostConfigureOptions<LoggerFilterOptions>
{
    // What AddLogging sets where nobody asks for anything.
    private const LogLevel UnlessAsked = LogLevel.Information;

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        // A rule for one provider goes before every rule for all of them; so those are repeated for this one.
        var general = options.Rules.Where(r => string.IsNullOrEmpty(r.ProviderName)).ToList();
        var lowest = options.MinLevel == UnlessAsked ? LogLevel.Trace : options.MinLevel;
        options.Rules.Insert(0, new LoggerFilterRule(provider, categoryName: null, lowest, filter: null)); // Of two that fit equally the last counts.
        foreach (var rule in general)
        {
            options.Rules.Add(new LoggerFilterRule(provider, rule.CategoryName, rule.LogLevel, rule.Filter));
        }
    }
}

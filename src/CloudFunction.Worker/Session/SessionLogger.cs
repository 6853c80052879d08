using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Functions;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Session;

/// <summary>Sends records of one category to the host.</summary>
internal sealed class SessionLogger(string category, SessionLoggerProvider provider) : ILogger
{
    private const string TemplateKey = "{OriginalFormat}";

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.Scopes?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= provider.MinLevel;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var properties = new List<KeyValuePair<string, string?>>();
        provider.Scopes?.ForEachScope(static (scope, list) => AddScope(scope, list), properties);
        AddProperties(state, properties);
        var invocation = InvocationScope.Current;
        provider.Write(new LogMessage(
            provider.Time.GetUtcNow().UtcTicks, (int)logLevel, eventId.Id, category, formatter(state, exception), exception?.ToString(),
            invocation?.Function, invocation?.Id ?? default, properties, Dropped: 0));
    }

    private static void AddScope(object? scope, List<KeyValuePair<string, string?>> list)
    {
        if (!AddProperties(scope, list) && scope is not null)
        {
            list.Add(new("Scope", scope.ToString()));
        }
    }

    private static bool AddProperties(object? state, List<KeyValuePair<string, string?>> list)
    {
        if (state is not IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            return false;
        }

        foreach (var (key, value) in pairs)
        {
            if (key != TemplateKey)
            {
                list.Add(new(key, value is IFormattable f ? f.ToString(null, System.Globalization.CultureInfo.InvariantCulture) : value?.ToString()));
            }
        }

        return true;
    }
}

using System.Diagnostics;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Logging.Records;
using CloudFunction.Runtime.Logging.Routing;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Logging;

/// <summary>Makes records of what one category logs. Text and values are taken at once: they may be others a moment later.</summary>
internal sealed class CloudFunctionLogger(RouteCache routes, LogPipeline pipeline, TimeProvider time, Func<IExternalScopeProvider?> scopes) : ILogger
{
    // Where the framework logs that a host does not start.
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => scopes()?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && routes.Current.IsEnabled(EventLevel.Of(logLevel));

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var route = routes.Current;
        var level = EventLevel.Of(logLevel);
        if (logLevel == LogLevel.None || !route.IsEnabled(level))
        {
            return;
        }

        var values = state as IReadOnlyList<KeyValuePair<string, object?>>;
        var properties = new EventProperties((values?.Count ?? 0) + 4);
        scopes()?.ForEachScope(static (scope, properties) => properties.AddScope(scope), properties);
        properties.AddAll(values);

        if (eventId.Id != 0)
        {
            properties.Add(PropertyNames.EventId, eventId.Id);
        }

        if (Activity.Current is { } activity)
        {
            properties.AddTrace(activity);
        }

        properties.AddSource(route);
        var text = LogText.Of(state, exception, formatter);
        if (exception is CloudFunctionException reason && route.Name == HostCategory)
        {
            // It is the operator's to mend, and its message has the way: a stack would only hide that.
            (text, exception) = ($"{text}: {reason.Message}", null);
        }

        pipeline.Emit(route, properties.ToEvent(time.GetUtcNow(), level, exception, text));
    }
}

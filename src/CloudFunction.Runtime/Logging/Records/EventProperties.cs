using System.Diagnostics;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Logging.Routing;
using Serilog.Events;
using Serilog.Parsing;

namespace CloudFunction.Runtime.Logging.Records;

/// <summary>Collects the properties of one record. Of one name the last counts.</summary>
internal sealed class EventProperties(int capacity)
{
    private readonly List<LogEventProperty> _properties = new(capacity);
    private string? _scopes;
    private ActivityTraceId _traceId;
    private ActivitySpanId _spanId;

    /// <summary>Adds one; what has no name is left out.</summary>
    public void Add(string? name, object? value)
    {
        if (!string.IsNullOrWhiteSpace(name) && name != LogText.TemplateName)
        {
            _properties.Add(new LogEventProperty(name, PropertyValue.Of(value)));
        }
    }

    /// <summary>Adds all of them, up to one that cannot be read: a template may have fewer values than places.</summary>
    public void AddAll(IEnumerable<KeyValuePair<string, object?>>? values)
    {
        try
        {
            // A list's own enumerator is an object for each record.
            if (values is IReadOnlyList<KeyValuePair<string, object?>> list)
            {
                for (var i = 0; i < list.Count; i++)
                {
                    var (name, value) = list[i];
                    Add(name, value);
                }

                return;
            }

            foreach (var (name, value) in values ?? [])
            {
                Add(name, value);
            }
        }
        catch (Exception)
        {
            // It is somebody's code, and the message gives the reason.
        }
    }

    /// <summary>Adds what a scope holds, from the outermost in: its properties, or its text to the texts of those around it.</summary>
    public void AddScope(object? scope)
    {
        if (scope is IEnumerable<KeyValuePair<string, object?>> values)
        {
            AddAll(values);
        }
        else if (scope is not null)
        {
            var text = PropertyValue.Of(scope).Value;
            _scopes = _scopes is null ? $"{text}" : $"{_scopes} => {text}";
            Add(PropertyNames.Scope, _scopes);
        }
    }

    /// <summary>Adds the logger's name, and the project where it is a project's.</summary>
    public void AddSource(LoggerRoute route)
    {
        Add(PropertyNames.SourceContext, route.Name);
        if (route.Project is not null)
        {
            Add(PropertyNames.Project, route.Project);
        }
    }

    /// <summary>Adds the trace that an activity belongs to.</summary>
    public void AddTrace(Activity activity)
    {
        _traceId = activity.TraceId;
        _spanId = activity.SpanId;
    }

    /// <summary>Adds the trace of a W3C trace context such as <c>00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01</c>,
    /// where it is one.</summary>
    public void AddTrace(string? traceParent)
    {
        if (traceParent is not null && ActivityContext.TryParse(traceParent, null, out var context))
        {
            _traceId = context.TraceId;
            _spanId = context.SpanId;
        }
    }

    /// <summary>Makes the record.</summary>
    public LogEvent ToEvent(DateTimeOffset time, LogEventLevel level, Exception? exception, string message) =>
        new(time, level, exception, new MessageTemplate(message, [new TextToken(message)]), _properties, _traceId, _spanId);
}

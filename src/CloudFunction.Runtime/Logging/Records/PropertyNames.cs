namespace CloudFunction.Runtime.Logging.Records;

/// <summary>The names of properties that mean something of their own, or that the host adds.</summary>
internal static class PropertyNames
{
    public const string SourceContext = "SourceContext";
    public const string Project = "Project";
    public const string Function = "Function";
    public const string InvocationId = "InvocationId";
    public const string TraceId = "TraceId";
    public const string Category = "Category";
    public const string EventId = "EventId";
    public const string Scope = "Scope";
    public const string Outcome = "Outcome";
    public const string DurationMs = "DurationMs";
}

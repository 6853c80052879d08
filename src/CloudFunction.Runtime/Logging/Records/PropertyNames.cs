namespace CloudFunction.Runtime.Logging.Records;

/// <summary>The names of properties that mean something of their own, or that the host adds.</summary>
internal static class PropertyNames
{
    /// <summary>The logger's name.</summary>
    public const string SourceContext = "SourceContext";

    /// <summary>The project that logged it.</summary>
    public const string Project = "Project";

    /// <summary>The function that logged it.</summary>
    public const string Function = "Function";

    /// <summary>The invocation that it was logged in.</summary>
    public const string InvocationId = "InvocationId";

    /// <summary>The trace, where the record has it as a property only.</summary>
    public const string TraceId = "TraceId";

    /// <summary>The thread's number.</summary>
    public const string ThreadId = "ThreadId";

    /// <summary>The thread's name.</summary>
    public const string ThreadName = "ThreadName";

    public const string Category = "Category";
    public const string EventId = "EventId";
    public const string Scope = "Scope";
    public const string Outcome = "Outcome";
    public const string DurationMs = "DurationMs";

    /// <summary>Whether a property is one of those with a field of their own, and so no extra.</summary>
    public static bool HasField(string name) => name is SourceContext or Project or Function or InvocationId or TraceId;
}

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>What a part of a format stands for.</summary>
internal enum FormatField
{
    /// <summary>Itself.</summary>
    Literal,

    /// <summary>Local time.</summary>
    Time,

    /// <summary>The logger's name.</summary>
    LoggerName,

    /// <summary>The level's name.</summary>
    LevelName,

    /// <summary>The level's number.</summary>
    LevelNumber,

    /// <summary>The message.</summary>
    Message,

    /// <summary>The milliseconds of the time.</summary>
    Milliseconds,

    /// <summary>The time in seconds since 1970.</summary>
    Created,

    /// <summary>The host's process id.</summary>
    ProcessId,

    /// <summary>The host's process name.</summary>
    ProcessName,

    /// <summary>The thread's number, where the record has one.</summary>
    ThreadId,

    /// <summary>The thread's name, where the record has one.</summary>
    ThreadName,

    /// <summary>The project, where there is one.</summary>
    Project,

    /// <summary>The function, where there is one.</summary>
    Function,

    /// <summary>The invocation, where there is one.</summary>
    InvocationId,

    /// <summary>The trace, where there is one.</summary>
    TraceId,
}

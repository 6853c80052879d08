namespace CloudFunction.Protocol.Frames;

/// <summary>What a frame is. A type that is not listed here is a protocol error. The numbers are the wire's.</summary>
internal enum FrameType : byte
{
    /// <summary>Worker to host, the first frame of a connection: version, worker id, secret.</summary>
    Hello = 1,

    /// <summary>Host to worker: limits.</summary>
    Configure = 2,

    /// <summary>Host to worker: load this deployment.</summary>
    Load = 3,

    /// <summary>Worker to host: loaded, with its functions.</summary>
    Ready = 4,

    /// <summary>Worker to host: the deployment cannot be loaded.</summary>
    LoadFailed = 5,

    /// <summary>Host to worker: run a function. Opens a stream; carries the beginning of the payload.</summary>
    Invoke = 6,

    /// <summary>Worker to host: status and headers of an HTTP function's response.</summary>
    Head = 7,

    /// <summary>Either way: a part of a payload or result.</summary>
    Data = 8,

    /// <summary>Either way: the last part, which may be empty. From the worker it ends the stream.</summary>
    End = 9,

    /// <summary>Worker to host: the invocation failed. Ends the stream.</summary>
    Error = 10,

    /// <summary>Either way: the receiver has room for so many bytes more, on a stream or (stream 0) on the connection.</summary>
    Credit = 11,

    /// <summary>Host to worker: the invocation's token fires. The worker still ends the stream.</summary>
    Cancel = 12,

    /// <summary>Worker to host: a structured log record.</summary>
    Log = 13,

    /// <summary>Either way: answer with the same bytes at once.</summary>
    Ping = 14,

    /// <summary>The answer to a ping.</summary>
    Pong = 15,

    /// <summary>Worker to host: memory and counters.</summary>
    Stats = 16,

    /// <summary>Host to worker: finish what runs, stop, exit.</summary>
    Drain = 17,

    /// <summary>Host to worker: so many bytes of log records were written or dropped, and as many may follow.</summary>
    LogCredit = 18,

    /// <summary>Host to worker: from now on the lowest level of log records that is worth sending, one byte, the number of
    /// Microsoft.Extensions.Logging.LogLevel.</summary>
    SetLogLevel = 19,

    /// <summary>Worker to host: an exception that nobody caught ends it, whose record came before. What the runtime prints of it is a copy.</summary>
    Dying = 20,

    /// <summary>Worker to host: the trailers of an HTTP function's response, a head without a status. Comes before the end.</summary>
    Trailers = 21,
}

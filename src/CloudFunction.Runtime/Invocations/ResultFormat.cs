namespace CloudFunction.Runtime.Invocations;

/// <summary>What a result is to be, or is.</summary>
internal enum ResultFormat
{
    /// <summary>One JSON value; of a streaming function the array of its items.</summary>
    Json = 0,

    /// <summary>Of a streaming function: its items as they come, each on a line of its own.</summary>
    Lines = 1,

    /// <summary>Of a streaming function: its items as they come, each a server-sent event.</summary>
    Events = 2,
}

namespace CloudFunction.Protocol.Messages;

/// <summary>How the items of a streaming function are written; of others there is one result, and it is JSON. The numbers are the wire's.</summary>
internal enum ItemEncoding : byte
{
    /// <summary>One JSON array, whole and bounded.</summary>
    Array = 0,

    /// <summary>Each on a line of its own: NDJSON.</summary>
    Lines = 1,

    /// <summary>Each as the data of a server-sent event.</summary>
    Events = 2,
}

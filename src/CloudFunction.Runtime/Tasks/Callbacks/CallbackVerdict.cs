namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>What one try of a callback came to.</summary>
internal enum CallbackVerdict
{
    /// <summary>The receiver took it: 2xx.</summary>
    Delivered,

    /// <summary>The receiver wants none of it any more: 410.</summary>
    Gone,

    /// <summary>Nothing but another request or another URL would be taken: it is not tried again.</summary>
    Rejected,

    /// <summary>It may be taken later.</summary>
    Retry,
}

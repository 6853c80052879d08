namespace CloudFunction.Runtime.Tasks;

/// <summary>Why the task store did not do what was asked.</summary>
internal enum TaskStoreFault
{
    /// <summary>The disk is full. Nothing was stored; it works again once there is room.</summary>
    Full,

    /// <summary>Somebody else kept the file locked for too long. Nothing was stored; trying again may help.</summary>
    Busy,

    /// <summary>What the file holds is not what was written. It is kept as it is.</summary>
    Corrupt,

    /// <summary>A row holds a value that this host does not know: a newer one wrote it, or a person did. All other rows can be used.</summary>
    UnknownValue,

    /// <summary>The file cannot be used by this version of the host: a newer one wrote it, or the SQLite here is too old.</summary>
    Incompatible,

    /// <summary>The file or its disk cannot be read or written: rights, a failing disk.</summary>
    Unavailable,

    /// <summary>The store is closed.</summary>
    Closed,

    /// <summary>Anything else that SQLite refused.</summary>
    Failed,
}

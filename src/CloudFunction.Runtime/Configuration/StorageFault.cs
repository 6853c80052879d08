namespace CloudFunction.Runtime.Configuration;

/// <summary>Why a file or folder of the host's cannot be used.</summary>
internal enum StorageFault
{
    /// <summary>Its disk is full, or a quota is used up.</summary>
    Full,

    /// <summary>Its file system is mounted for reading alone.</summary>
    ReadOnly,

    /// <summary>The host's user lacks the rights to it.</summary>
    NoPermission,

    /// <summary>Another process has it open.</summary>
    InUse,

    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>Something else is in its place.</summary>
    InTheWay,

    /// <summary>It holds nothing that the host has written.</summary>
    Damaged,

    /// <summary>Anything else that the system answers, a failing disk's error among it.</summary>
    Failed,
}

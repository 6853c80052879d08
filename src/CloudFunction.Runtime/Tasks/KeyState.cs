namespace CloudFunction.Runtime.Tasks;

/// <summary>What an Idempotency-Key stands for when a call asks for it.</summary>
internal enum KeyState
{
    /// <summary>For that call from now on: it is to run, and to end the reservation.</summary>
    Reserved,

    /// <summary>For something that is stored: an outcome or a task.</summary>
    Stored,

    /// <summary>For a call with the same payload that runs.</summary>
    Running,

    /// <summary>For a call with another payload that runs.</summary>
    Conflict,

    /// <summary>For nothing, but callers without identity have no room to store anything more.</summary>
    NoRoom,
}

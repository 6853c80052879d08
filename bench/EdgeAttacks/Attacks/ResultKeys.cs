namespace EdgeAttacks.Attacks;

/// <summary>Under which Idempotency-Key a result is asked for.</summary>
internal enum ResultKeys
{
    /// <summary>None.</summary>
    None,

    /// <summary>One that is the same for all clients, whose answer is stored before.</summary>
    Stored,

    /// <summary>One of each client's own.</summary>
    Own,
}

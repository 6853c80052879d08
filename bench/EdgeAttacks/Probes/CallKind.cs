namespace EdgeAttacks.Probes;

/// <summary>How a probe calls.</summary>
internal enum CallKind
{
    /// <summary>Synchronously.</summary>
    Plain,

    /// <summary>Synchronously, with an Idempotency-Key of its own.</summary>
    Keyed,

    /// <summary>With mode=async.</summary>
    Asynchronous,
}

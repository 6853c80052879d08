namespace EdgeAttacks.Attacks;

/// <summary>All attacks, in the order of the report.</summary>
internal static class AttackList
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        new NoAttack(),
        new IdleConnections(),
        new HalfRequests(),
        new RequirementLines(),
        new TaskReaders(),
        new ResultReaders(
            "replays", "3. Readers of a stored answer", "Calls under one Idempotency-Key whose answer of 60 MB is stored.",
            size: 24, megabytes: 60, ResultKeys.Stored),
        new ResultReaders(
            "keyed", "3. Readers of keyed results", "Calls, each under an Idempotency-Key of its own, with results of 90 MB.",
            size: 10, megabytes: 90, ResultKeys.Own),
        new SlowSenders(
            "slow", "4. Slow bodies of a call", "Bodies of synchronous calls at 400 bytes a second, 1 MB announced.",
            SlowSenders.Invoke, announcedBytes: 1 << 20),
        new SlowSenders(
            "slow-small", "4. Slow small bodies of a call", "Bodies of synchronous calls at 400 bytes a second, 60 KB announced.",
            SlowSenders.Invoke, announcedBytes: 60 << 10),
        new SlowSenders(
            "slow-chunked", "4. Slow chunked bodies of a call", "Bodies of synchronous calls at 400 bytes a second, in chunks of that size.",
            SlowSenders.Invoke, announcedBytes: null),
        new SlowSenders(
            "slow-http", "4. Slow bodies of an HTTP function", "Bodies of an HTTP function that reads them, at 400 bytes a second, 1 MB announced.",
            SlowSenders.Http, announcedBytes: 1 << 20),
        new ResultReaders("results", "4. Readers of results", "Synchronous calls with results of 60 MB.", size: 10, megabytes: 60, ResultKeys.None),
        new WaitingBodies(),
        new StoppedUploads(),
        new LongNames(),
    ];
}

using EdgeAttacks.Clients;
using EdgeAttacks.Probes;

namespace EdgeAttacks;

/// <summary>One attack on one host.</summary>
internal sealed record AttackSample
{
    public required string Attack { get; init; }

    public required string Build { get; init; }

    public required int Factor { get; init; }

    /// <summary>How many clients attacked.</summary>
    public required int Count { get; init; }

    /// <summary>Why there are no figures; null where there are.</summary>
    public string? Problem { get; init; }

    /// <summary>Of the host's process alone, before the attack.</summary>
    public long BytesBefore { get; init; }

    public long BytesPeak { get; init; }

    /// <summary>Some seconds after the attackers are gone; null where the host is gone.</summary>
    public long? BytesAfter { get; init; }

    /// <summary>The most that it had open.</summary>
    public int Descriptors { get; init; }

    public ProbeSummary? SameProject { get; init; }

    public ProbeSummary? OtherProject { get; init; }

    public AttackerSummary? Attackers { get; init; }

    /// <summary>What else the attack found out.</summary>
    public string? Besides { get; init; }

    /// <summary>How many processors the host was busy with in the seconds after the attackers were gone.</summary>
    public double? CoresAfter { get; init; }

    /// <summary>Whether both projects answer on new connections after that.</summary>
    public bool AnswersAfter { get; init; }

    /// <summary>When the host ended by itself, from the attack's beginning.</summary>
    public double? EndedAfterSeconds { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>When it was killed because it took too much of the machine's memory.</summary>
    public double? KilledAfterSeconds { get; init; }
}

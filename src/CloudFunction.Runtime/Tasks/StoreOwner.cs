namespace CloudFunction.Runtime.Tasks;

/// <summary>Who claims what is in a store: one run of a host. What it claims is its own for as long as it keeps its lease.</summary>
/// <param name="Id">No other run of any host has it.</param>
/// <param name="Lease">How long a claim lasts after its owner last claimed something or renewed its lease.</param>
internal sealed record StoreOwner(Guid Id, TimeSpan Lease)
{
    /// <summary>How long hosts keep what they claim without a word: so long after the end of one do others take over.</summary>
    public static readonly TimeSpan StandardLease = TimeSpan.FromSeconds(30);

    /// <summary>An owner that has never claimed anything.</summary>
    public static StoreOwner New() => new(Guid.NewGuid(), StandardLease);
}

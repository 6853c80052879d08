using EdgeAttacks.Hosts;
using EdgeAttacks.Probes;

namespace EdgeAttacks.Attacks;

/// <summary>What one kind of client does to a host. Its size is that of the report that it comes from; factors multiply it.</summary>
/// <param name="id">What an option names it by.</param>
/// <param name="title">The heading of its table.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="size">How many clients.</param>
internal abstract class Attack(string id, string title, string description, int size)
{
    public string Id => id;

    public string Title => title;

    public string Description => description;

    public int Size => size;

    /// <summary>How long it goes on at the most: as long as what is to end it takes, and a few seconds more.</summary>
    public abstract TimeSpan Window { get; }

    /// <summary>The factors that it makes sense with; null is whichever are asked for.</summary>
    public virtual IReadOnlyList<int>? Factors => null;

    /// <summary>How many descriptors the host may have; null leaves it its own limit.</summary>
    public virtual int? Descriptors => null;

    /// <summary>Whether it asks so little of the machine that others of its sort go on beside it, each against a host of its own.</summary>
    public virtual bool IsQuiet => false;

    /// <summary>Whether its clients take nothing of their answers, so that a good one does not end their attack.</summary>
    public virtual bool StopsReading => false;

    /// <summary>How long it goes on before the first of the calls that are measured.</summary>
    public virtual TimeSpan Lead => TimeSpan.Zero;

    /// <summary>How often each project is called meanwhile.</summary>
    public virtual TimeSpan CallInterval => TimeSpan.FromMilliseconds(100);

    /// <summary>How the two projects are called meanwhile.</summary>
    public virtual IReadOnlyList<CallKind> Probes => [CallKind.Plain];

    /// <summary>Does what has to be there before, as a good client.</summary>
    public virtual Task PrepareAsync(EdgeHost host, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Attacks until it is cancelled, or until there is nothing left to find out.</summary>
    public abstract Task RunAsync(AttackScene scene, CancellationToken cancellationToken);
}

using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>Due at every tenth minute of the hour, until it fails.</summary>
internal sealed class BrokenRecurrence : IRecurrence
{
    private readonly EveryTen _whole = new();

    public bool Fails { get; set; }

    public DateTimeOffset? NextAfter(DateTimeOffset time) =>
        Fails ? throw new InvalidOperationException("It does not advance.") : _whole.NextAfter(time);
}

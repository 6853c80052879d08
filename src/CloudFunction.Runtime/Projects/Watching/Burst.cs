namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>Changes that follow one another: when the first and the last came, and the longest pause between two. Times count from the
/// watch's start.</summary>
internal sealed class Burst(TimeSpan first)
{
    public TimeSpan First { get; private set; } = first;

    public TimeSpan Last { get; private set; } = first;

    public TimeSpan LongestPause { get; private set; }

    /// <summary>Whether the folder itself came, went or was renamed, and so may be in the middle of being copied here.</summary>
    public bool IsOfFolder { get; init; }

    /// <summary>Adds one change.</summary>
    public void Add(TimeSpan at) => Add(new Burst(at));

    /// <summary>Adds the changes of <paramref name="later"/>, which may have begun before this one's last.</summary>
    public void Add(Burst later)
    {
        LongestPause = Longest(LongestPause, Longest(later.LongestPause, later.First - Last));
        First = later.First < First ? later.First : First;
        Last = Longest(Last, later.Last);
    }

    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

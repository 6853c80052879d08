namespace CloudFunction.Runtime.Configuration;

/// <summary>What is wrong with something that came from outside, a line each. The first lines are kept and the others counted: neither an answer
/// nor the host's memory grows with how much is wrong.</summary>
internal sealed class BoundedLines
{
    // Who has more errors than that has one mistake with many consequences.
    private const int MaxShown = 20;

    private readonly List<string> _lines = [];
    private int _count;

    /// <summary>Whether there are any.</summary>
    public bool Any => _count > 0;

    /// <summary>Whether a line that is added now is only counted, so that none has to be made.</summary>
    public bool IsFull => _count >= MaxShown;

    /// <summary>What is shown: the first lines and, where there are more, how many.</summary>
    public IReadOnlyList<string> Shown => _count > MaxShown ? [.. _lines, FormattableString.Invariant($"… and {_count - MaxShown} more.")] : _lines;

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        if (!IsFull)
        {
            _lines.Add(line);
        }

        _count++;
    }

    /// <summary>What is shown as one text.</summary>
    public override string ToString() => string.Join('\n', Shown);
}

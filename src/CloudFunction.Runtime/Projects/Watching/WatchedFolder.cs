namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>When the change of one folder is told. Not thread safe; times count from the watch's start.</summary>
/// <param name="name">The folder's name in PROJECTS_DIR.</param>
/// <param name="told">How it looked when it was last told; null for one that is new.</param>
internal sealed class WatchedFolder(string name, ulong? told)
{
    // A save of an editor, a build's output: one file follows another within milliseconds.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    // A folder that is new is being copied here, perhaps over a network, where a file may take longer.
    private static readonly TimeSpan QuietOfNew = TimeSpan.FromSeconds(1);

    // Whoever saves a file has waited long enough. It is also the pause asked of a change that nobody heard, since its pauses were not heard either.
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromSeconds(2);

    // A log that a function writes beside its code must not keep its deploys from ever happening.
    private static readonly TimeSpan LongestBurst = TimeSpan.FromSeconds(30);

    // People replace a folder by removing it and copying the new one.
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromSeconds(2);

    private ulong? _told = told;
    private ulong? _seen;
    private Burst? _burst;
    private bool _isNew = told is null;
    private TimeSpan? _missingSince;

    public string Name { get; } = name;

    /// <summary>Whether it is being told at this moment: it is not due then.</summary>
    public bool IsTelling { get; set; }

    /// <summary>Whether the changes that wait were found by looking, and nobody had told of one.</summary>
    public bool IsUnheard { get; private set; }

    /// <summary>Whether there is nothing to remember: it is gone, and nobody waits for that.</summary>
    public bool IsForgotten => _told is null && _burst is null && _missingSince is null && !IsTelling;

    /// <summary>When to check whether it is to be reported; null where nothing waits.</summary>
    public TimeSpan? DueAt
    {
        get
        {
            if (IsTelling || (_burst is null && _missingSince is null))
            {
                return null;
            }

            if (_missingSince is { } since)
            {
                return since + LongestAbsence;
            }

            var quietAt = _burst!.Last + QuietAfter(_burst);
            var latest = _burst.First + LongestBurst;
            return quietAt < latest ? quietAt : latest;
        }
    }

    /// <summary>Takes what was reported of it.</summary>
    public void Hear(Burst hints)
    {
        Add(hints);
        IsUnheard = false;
        _seen = null; // How it looked before these changes says nothing about whether more go unheard.
        _isNew |= hints.IsOfFolder;
    }

    /// <summary>Takes how it looks in a scan of all folders, null where it is not there.</summary>
    public void See(ulong? signature, TimeSpan now)
    {
        if (signature is null)
        {
            _missingSince ??= now;
        }
        else if (_missingSince is not null)
        {
            Return(signature.Value, now);
        }
        else if (_burst is null ? signature != _told : IsUnheard && signature != _seen)
        {
            AddUnheard(signature.Value, now);
        }
    }

    /// <summary>Says that it may have changed, whatever it looks like.</summary>
    public void Suspect(TimeSpan now)
    {
        IsUnheard |= _burst is null;
        Add(new Burst(now));
    }

    /// <summary>Drops what waits, since PROJECTS_DIR cannot be read: once it can be, the folder is checked again.</summary>
    public void Postpone()
    {
        _burst = null;
        _missingSince = null;
        IsUnheard = false;
    }

    /// <summary>Decides, at <see cref="DueAt"/>, whether it is to be reported now. If not, it may be due later.</summary>
    /// <param name="signature">How it looks now, null where it is not there.</param>
    /// <param name="now">The time.</param>
    public bool TryTake(ulong? signature, TimeSpan now)
    {
        if (signature is null && _missingSince is null)
        {
            _missingSince = now;
            return false;
        }

        if (signature is { } found && _missingSince is not null)
        {
            Return(found, now);
            return false;
        }

        if (signature is { } current && IsUnheard && _seen is { } seen && seen != current && now < _burst!.First + LongestBurst)
        {
            AddUnheard(current, now);
            return false;
        }

        var isNews = signature is not null || _told is not null; // What came and went before it was reported never was there.
        _told = signature;
        _seen = null;
        _burst = null;
        _missingSince = null;
        _isNew = signature is null;
        IsUnheard = false;
        return isNews;
    }

    private TimeSpan QuietAfter(Burst burst)
    {
        var least = IsUnheard ? LongestQuiet : _isNew ? QuietOfNew : Quiet;
        var twice = 2 * burst.LongestPause;
        return twice < least ? least : twice > LongestQuiet ? LongestQuiet : twice;
    }

    private void Return(ulong signature, TimeSpan now)
    {
        _missingSince = null;
        _isNew = true;
        if (_burst is null || IsUnheard)
        {
            AddUnheard(signature, now);
        }
    }

    private void AddUnheard(ulong signature, TimeSpan now)
    {
        Suspect(now);
        _seen = signature;
    }

    private void Add(Burst changes)
    {
        if (_burst is null)
        {
            _burst = changes;
        }
        else
        {
            _burst.Add(changes);
        }
    }
}

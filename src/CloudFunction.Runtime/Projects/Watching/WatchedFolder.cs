using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>When the change of one folder is reported. Not thread safe; times count from the watch's start.</summary>
/// <param name="name">The folder's name in PROJECTS_DIR.</param>
/// <param name="reported">Its signature when it was last reported; null for one that is new.</param>
internal sealed class WatchedFolder(string name, ulong? reported)
{
    // A save of an editor, a build's output: one file follows another within milliseconds.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    // A folder that is new is being copied here, perhaps over a network, where a file may take longer.
    private static readonly TimeSpan QuietOfNew = TimeSpan.FromSeconds(1);

    // Whoever saves a file has waited long enough. It is also the pause asked of a change without a notification, since its pauses had none either.
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromSeconds(2);

    // A log that a function writes beside its code must not keep its deploys from ever happening.
    private static readonly TimeSpan LongestBurst = TimeSpan.FromSeconds(30);

    // People replace a folder by removing it and copying the new one.
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromSeconds(2);

    private ulong? _reported = reported;
    private ulong? _scanned;
    private Burst? _burst;
    private bool _isNew = reported is null;
    private TimeSpan? _missingSince;

    public string Name { get; } = name;

    /// <summary>What it held when it was last due.</summary>
    public SourceKind Kind { get; set; }

    /// <summary>Whether it is being reported at this moment: it is not due then.</summary>
    public bool IsReporting { get; set; }

    /// <summary>Whether the changes that wait were found without a notification of any of them.</summary>
    public bool IsUnnotified { get; private set; }

    /// <summary>Whether there is nothing to remember: it is gone, and nobody waits for that.</summary>
    public bool IsForgotten => _reported is null && _burst is null && _missingSince is null && !IsReporting;

    /// <summary>When to check whether it is to be reported; null where nothing waits.</summary>
    public TimeSpan? DueAt
    {
        get
        {
            if (IsReporting || (_burst is null && _missingSince is null))
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
    public void AddHints(Burst hints)
    {
        Add(hints);
        IsUnnotified = false;
        _scanned = null; // Its signature before these changes does not show whether more come without notifications.
        _isNew |= hints.IsOfFolder;
    }

    /// <summary>Takes its signature in a scan of all folders, null where it is not there.</summary>
    public void AddScan(ulong? signature, TimeSpan now)
    {
        if (signature is null)
        {
            _missingSince ??= now;
        }
        else if (_missingSince is not null)
        {
            Return(signature.Value, now);
        }
        else if (_burst is null ? signature != _reported : IsUnnotified && signature != _scanned)
        {
            AddUnnotified(signature.Value, now);
        }
    }

    /// <summary>Marks it as perhaps changed, whatever its signature is.</summary>
    public void Suspect(TimeSpan now)
    {
        IsUnnotified |= _burst is null;
        Add(new Burst(now));
    }

    /// <summary>Drops what waits, since PROJECTS_DIR cannot be read: once it can be, the folder is checked again.</summary>
    public void Postpone()
    {
        _burst = null;
        _missingSince = null;
        IsUnnotified = false;
    }

    /// <summary>Decides, at <see cref="DueAt"/>, whether it is to be reported now. If not, it may be due later.</summary>
    /// <param name="signature">Of what is there now, null where it is not there.</param>
    /// <param name="now">The time since the watch's start.</param>
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

        if (signature is { } current && IsUnnotified && _scanned is { } scanned && scanned != current && now < _burst!.First + LongestBurst)
        {
            AddUnnotified(current, now);
            return false;
        }

        var isNews = signature is not null || _reported is not null; // What came and went before it was reported never was there.
        _reported = signature;
        _scanned = null;
        _burst = null;
        _missingSince = null;
        _isNew = signature is null;
        IsUnnotified = false;
        return isNews;
    }

    private TimeSpan QuietAfter(Burst burst)
    {
        var least = IsUnnotified ? LongestQuiet : _isNew ? QuietOfNew : Quiet;
        var twice = 2 * burst.LongestPause;
        return twice < least ? least : twice > LongestQuiet ? LongestQuiet : twice;
    }

    private void Return(ulong signature, TimeSpan now)
    {
        _missingSince = null;
        _isNew = true;
        if (_burst is null || IsUnnotified)
        {
            AddUnnotified(signature, now);
        }
    }

    private void AddUnnotified(ulong signature, TimeSpan now)
    {
        Suspect(now);
        _scanned = signature;
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

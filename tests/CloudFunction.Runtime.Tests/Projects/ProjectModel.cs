using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Projects;

/// <summary>What a project with a folder should be after anything that can be done to it, in the plainest terms: it keeps all versions, and a folder
/// is its functions and its variables.</summary>
internal sealed class ProjectModel
{
    private string? _deployed; // What was last deployed from the folder.
    private string? _triedFunctions;
    private string? _triedVariables;
    private bool _isSettled; // Whether it is known since the host started if it serves.
    private bool _failed;
    private bool _hasWrongVariables;

    public string Functions { get; set; } = "greet";

    public string Variables { get; set; } = "";

    /// <summary>What each version has.</summary>
    public SortedDictionary<int, string> Versions { get; } = [];

    public int Highest { get; private set; }

    /// <summary>What is recorded as live, the greatest part first.</summary>
    public List<(int Version, int Weight)> Live { get; private set; } = [];

    /// <summary>Those of them whose workers were lost too often.</summary>
    public HashSet<int> Unhealthy { get; } = [];

    public bool IsStopped { get; private set; }

    /// <summary>The variables of the workers; null where none run.</summary>
    public string? Running { get; private set; }

    public bool HasError => _failed || _hasWrongVariables || Unhealthy.Count > 0;

    public ProjectStatus Status =>
        Running is not null ? (Unhealthy.Count == Live.Count ? ProjectStatus.Unhealthy : ProjectStatus.Running)
        : !_isSettled ? ProjectStatus.Starting
        : IsStopped ? ProjectStatus.Stopped
        : ProjectStatus.Failed;

    private bool IsFolderDeployed => Live.Count > 0 && Functions == _deployed;

    /// <returns>Whether it succeeds.</returns>
    public bool Start(bool anew)
    {
        IsStopped = false;
        if (Status == ProjectStatus.Running && !anew)
        {
            return true;
        }

        _triedFunctions = Functions;
        if (IsFolderDeployed)
        {
            return Run(Live, Variables);
        }

        // Of what runs and is to be restarted, the old workers go on.
        var fallsBack = Live.Count > 0 && !(anew && Running is not null);
        return Deploy() || (fallsBack && FallBack());
    }

    public bool Sync()
    {
        if (IsStopped)
        {
            return true;
        }

        var tried = _triedFunctions;
        _triedFunctions = Functions;
        _hasWrongVariables = IsWrong(Variables);
        var hasOthers = !_hasWrongVariables && Variables != _triedVariables;
        if (Functions == tried && !hasOthers)
        {
            return true;
        }

        if (!IsFolderDeployed)
        {
            var fallsBack = hasOthers && Running is not null;
            return Deploy() || (fallsBack && FallBack());
        }

        if (hasOthers || Status != ProjectStatus.Running)
        {
            return Run(Live, Variables);
        }

        _failed &= _hasWrongVariables || Variables != Running;
        return true;
    }

    public bool Deploy()
    {
        _triedFunctions = Functions;
        if (IsWrong(Variables))
        {
            return Run([], Variables);
        }

        var isNew = Versions.Count == 0 || Versions.Last().Value != Functions;
        Highest += isNew ? 1 : 0;
        var version = isNew ? Highest : Versions.Last().Key;
        if (Functions[0] == '!' || !Run([(version, 100)], Variables))
        {
            return Fail(Variables);
        }

        Versions[version] = Functions;
        _deployed = Functions;
        return true;
    }

    public bool Reload() => Running is null || Run(Live, Variables);

    public bool Configure(string variables)
    {
        if (Running is not null && !Run(Live, variables))
        {
            return false;
        }

        Variables = variables;
        return true;
    }

    public bool Divide(IReadOnlyDictionary<int, int> parts) =>
        parts.Keys.All(Versions.ContainsKey)
        && Run([.. parts.OrderByDescending(each => each.Value).ThenByDescending(each => each.Key).Select(each => (each.Key, each.Value))], Variables);

    public void Stop()
    {
        Unhealthy.Clear();
        (IsStopped, Running, _isSettled) = (true, null, true);
    }

    public void RestartHost()
    {
        Unhealthy.Clear();
        (Running, _isSettled, _failed, _hasWrongVariables) = (null, IsStopped, false, false);
        (_triedFunctions, _triedVariables) = (null, null);
    }

    private bool FallBack()
    {
        var succeeds = Run(Live, Variables);
        _failed = true;
        return succeeds;
    }

    // What is live by then is what it was, where that fails.
    private bool Run(List<(int Version, int Weight)> versions, string variables)
    {
        if (versions.Count == 0 || IsWrong(variables) || variables.StartsWith(FolderWorkers.FailVariable, StringComparison.Ordinal))
        {
            return Fail(variables);
        }

        Unhealthy.Clear();
        (Live, Running, IsStopped, _isSettled) = (versions, variables, false, true);
        (_triedVariables, _failed, _hasWrongVariables) = (variables, false, false);
        return true;
    }

    private bool Fail(string variables)
    {
        (_triedVariables, _failed, _isSettled) = (IsWrong(variables) ? null : variables, true, true);
        return false;
    }

    private static bool IsWrong(string variables) => variables.Length > 0 && !variables.Contains('=', StringComparison.Ordinal);
}

using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Projects;

/// <summary>What a project can do at this moment, why it cannot do more, and what its calls are answered meanwhile. Changed by one operation at a
/// time; reading is possible at any time.</summary>
internal sealed class ProjectAvailability(string project, LiveDeployments deployments, ProjectDecisions decisions, ProjectLog log)
{
    private volatile bool _isStarting = true;
    private volatile string? _lastError;
    private volatile string? _wrongVariables;

    /// <summary>What it can do now.</summary>
    public ProjectStatus Status =>
        deployments.Unhealthy is not null ? ProjectStatus.Unhealthy
        : _isStarting ? ProjectStatus.Starting
        : deployments.All.Count > 0 ? ProjectStatus.Running
        : decisions.IsStopped(project) ? ProjectStatus.Stopped
        : ProjectStatus.Failed;

    /// <summary>Why it is unhealthy, what is wrong with its variables, or why the last change of it failed; null for none of them.</summary>
    public string? Error => deployments.Unhealthy ?? _wrongVariables ?? _lastError;

    /// <summary>It is to start: where nothing is live, it counts as starting from now on.</summary>
    public void BeginStart() => _isStarting |= deployments.All.Count == 0;

    /// <summary>It could not start. Nothing happens where that is settled already.</summary>
    public void FailStart(Exception error)
    {
        if (_isStarting)
        {
            var reason = ReasonOf(error);
            _lastError = error is OperationCanceledException ? _lastError : reason;
            Settle(reason);
        }
    }

    /// <summary>What is live is about to change: calls wait for that, unless what is live now can take them.</summary>
    /// <returns>Whether it can.</returns>
    public bool BeginChange()
    {
        var isRunning = Status == ProjectStatus.Running;
        if (!isRunning)
        {
            _isStarting = true;
            deployments.Gates.Project.Hold();
            if (deployments.All.Count == 0)
            {
                deployments.Reroute(); // Calls find no function of what ran before: those of what comes are not known yet.
            }
        }

        return isRunning;
    }

    /// <summary>What was to be live is.</summary>
    public void EndChange()
    {
        _lastError = null;
        _wrongVariables = null;
        _isStarting = false;
    }

    /// <summary>What was to be live is not, whatever was live before still is, and what is reported of the project is why.</summary>
    /// <param name="error">Why; what was called off is no error.</param>
    /// <param name="isFinal">Whether calls that wait are to be answered.</param>
    public void FailChange(Exception error, bool isFinal)
    {
        var isLogged = isFinal && Settle(ReasonOf(error)); // Under the id of what calls are answered.
        if (error is OperationCanceledException)
        {
            return;
        }

        _lastError = error.Message;
        if (!isLogged)
        {
            LogRefused(error.Message);
        }
    }

    /// <summary>What was live before serves again in place of what failed.</summary>
    public void FallBack(Exception error)
    {
        _lastError = error.Message;
        log.ServesOlder(project, deployments.All[0].Deployment.Version);
    }

    /// <summary>What is recorded of it cannot be read, or its folder cannot: what serves goes on.</summary>
    public void RefuseRecord(string reason)
    {
        if (reason != _lastError)
        {
            LogRefused(reason);
        }

        _lastError = reason;
    }

    /// <summary>Its variables are wrong: those in force stay so.</summary>
    public void RefuseVariables(string reason)
    {
        if (reason != _wrongVariables && reason != _lastError)
        {
            LogRefused(reason);
        }

        _wrongVariables = reason;
    }

    /// <summary>Its variables are right, whether they are in force or not.</summary>
    public void AcceptVariables() => _wrongVariables = null;

    /// <summary>What was wrong last is wrong no longer.</summary>
    public void ClearError() => _lastError = null;

    /// <summary>Rejects calls because it is stopped.</summary>
    /// <returns>What they are answered.</returns>
    public Rejection RefuseAsStopped()
    {
        var rejection = new Rejection(
            RejectionReason.ProjectStopped, $"Project '{project}' is stopped. Start it with POST /api/v1/projects/{project}/start.");
        _isStarting = false;
        deployments.Gates.Project.Close(rejection);
        return rejection;
    }

    private string ReasonOf(Exception error) =>
        error is OperationCanceledException ? _lastError ?? "its deployment was called off before it served; deploy it again" : error.Message;

    // Returns whether calls are rejected from now on because of this failure, which is logged under their rejection's id then.
    private bool Settle(string reason)
    {
        _isStarting = false;
        if (deployments.All.Count > 0)
        {
            deployments.Resume(); // Unhealthy as before.
            return false;
        }

        if (decisions.IsStopped(project))
        {
            RefuseAsStopped();
            return false;
        }

        var rejection = Rejection.Failed(reason);
        log.Failed(project, rejection.Id, reason);
        deployments.Gates.Project.Close(rejection);
        return true;
    }

    private void LogRefused(string reason)
    {
        if (deployments.All is [var first, ..])
        {
            log.DeployFailed(project, first.Deployment.Version, reason);
        }
        else
        {
            log.StartFailed(project, reason);
        }
    }
}

namespace CloudFunction.Runtime.Workers;

/// <summary>Where a worker stands in its life. Only its supervisor changes it, and only along the arrows
/// <c>Starting → Standby → Loading → Ready → Draining → Stopped</c>, and to <c>Crashed</c> from any but the last two.</summary>
internal enum WorkerState
{
    /// <summary>The process is starting; it has not sent its hello yet.</summary>
    Starting,

    /// <summary>Connected, with no deployment loaded.</summary>
    Standby,

    /// <summary>Loading a deployment.</summary>
    Loading,

    /// <summary>Runs functions.</summary>
    Ready,

    /// <summary>Finishes what it runs and takes nothing new.</summary>
    Draining,

    /// <summary>Ended because it was asked to.</summary>
    Stopped,

    /// <summary>Ended, or was killed, without being asked to.</summary>
    Crashed,
}

using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Schedules;
using CloudFunction.Runtime.Workers;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Projects;

/// <summary>What all projects of a host share.</summary>
/// <param name="Options">The settings in force.</param>
/// <param name="MaxWaiting">How many calls of a project may wait.</param>
/// <param name="Stager">Makes deployments of folders.</param>
/// <param name="Deployments">Keeps them.</param>
/// <param name="Decisions">What operators decided.</param>
/// <param name="Counters">What is counted.</param>
/// <param name="Supervisor">Runs them.</param>
/// <param name="Sweep">Watches deadlines.</param>
/// <param name="Publish">Tells the router what changed.</param>
/// <param name="Host">What concerns all projects.</param>
/// <param name="Time">Time.</param>
/// <param name="Logger">The host's own log.</param>
/// <param name="LogOf">Where the invocations of a project's function are recorded; null where they are not.</param>
/// <param name="SetSchedules">Keeps these schedules of a project's functions, and no others.</param>
/// <param name="Stopping">Fires when the host stops. What the host does of itself goes by it, and what has begun to make something lasting.</param>
internal sealed record ProjectServices(
    CloudFunctionOptions Options,
    int MaxWaiting,
    DeploymentStager Stager,
    StagedDeployments Deployments,
    ProjectDecisions Decisions,
    ProjectCounterStore Counters,
    WorkerSupervisor Supervisor,
    DeadlineSweep Sweep,
    Action Publish,
    HostFolder Host,
    TimeProvider Time,
    ILogger Logger,
    Func<string, string, InvocationLog?> LogOf,
    Func<string, IReadOnlyList<ScheduleDefinition>, Task> SetSchedules,
    CancellationToken Stopping);

using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments.Sources;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Projects.Watching;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting.Parts;

/// <summary>Lists PROJECTS_DIR, starts its projects in the background, and follows what becomes of their folders.</summary>
internal sealed class ProjectsPart : IRuntimePart
{
    private readonly string _directory;
    private readonly ProjectCatalog _projects;
    private readonly ProjectFolders _folders;
    private readonly ProjectSchedules _schedules;
    private readonly RuntimeStopping _stopping;
    private readonly ProjectsWatcher? _watcher;
    private readonly ILogger _logger;
    private Task _starting = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    public ProjectsPart(
        EffectiveSettings settings, ProjectCatalog projects, ProjectFolders folders, ProjectSchedules schedules, RuntimeStopping stopping,
        TimeProvider time, ILoggerFactory loggers)
    {
        _directory = settings.Options.ProjectsDirectory;
        _projects = projects;
        _folders = folders;
        _schedules = schedules;
        _stopping = stopping;
        _logger = loggers.CreateLogger(FunctionRuntime.LoggerName);
        _watcher = settings.Options.WatchProjects
            ? new ProjectsWatcher(
                _directory, folders.SyncAsync, Path.Combine(settings.ContentRoot, RequirementsFile.FileName), time,
                loggers.CreateLogger<ProjectsWatcher>())
            : null;
    }

    /// <summary>Returns as soon as calls can be taken: they wait for their projects.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _watcher?.Start(); // Before the projects are read, so that no change falls between.
        await AddAllAsync(cancellationToken).ConfigureAwait(false);
        _starting = Task.Run(StartAllAsync, cancellationToken);
        _watching = _watcher?.RunAsync(_stopping.Token) ?? Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        foreach (var project in _projects.Projects)
        {
            project.Shutdown();
        }

        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _watcher?.Dispose();
    }

    private async Task AddAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _folders.AddAllAsync().ConfigureAwait(false);

            // Of all at once, which forgets those of projects that are gone; each project reports what changes when it starts.
            await _schedules.SetAllAsync(_projects.Projects, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            FunctionRuntimeLog.ScanFailed(_logger, _directory, e);
        }
    }

    private Task StartAllAsync()
    {
        var bound = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = _stopping.Token };
        return Parallel.ForEachAsync(_projects.Projects.OrderBy(p => p.Name, StringComparer.Ordinal), bound, async (project, _) =>
        {
            try
            {
                await _folders.StartWithHostAsync(project).ConfigureAwait(false);
            }
            catch (CloudFunctionException)
            {
                // The project has logged why it does not serve.
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One project's trouble, of whatever kind, must not keep the others from starting.
                FunctionRuntimeLog.StartFailed(_logger, project.Name, e);
            }
        });
    }
}

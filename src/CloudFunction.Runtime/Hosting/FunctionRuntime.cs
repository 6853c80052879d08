using System.Reflection;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Workers;
using Microsoft.Extensions.Hosting;

namespace CloudFunction.Runtime.Hosting;

/// <summary>The whole of the runtime: starts and stops its parts with the host, and describes it to the front end.</summary>
internal sealed class FunctionRuntime(
    RuntimeParts parts, RuntimeStopping stopping, ProjectCatalog projects, WorkerSupervisor supervisor, CloudFunctionOptions options,
    IHostApplicationLifetime lifetime, TimeProvider time) : IFunctionRuntime, IHostedService, IAsyncDisposable
{
    /// <summary>The category of the host's own records.</summary>
    public const string LoggerName = "cloudfunction.runtime";

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly Stack<IRuntimePart> _begun = new();
    private volatile bool _isStarted;
    private int _stops;

    /// <inheritdoc cref="IFunctionRuntime.Version"/>
    public static string ProductVersion { get; } =
        typeof(FunctionRuntime).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public string Version => ProductVersion;

    public RuntimeStatus GetStatus()
    {
        var workers = supervisor.Workers.Select(w => w.Describe()).OrderBy(w => w.StartedAt).ToArray();
        var running = projects.Projects.Where(p => p.Status == ProjectStatus.Running).ToArray();
        return new RuntimeStatus(
            _startedAt,
            time.GetUtcNow() - _startedAt,
            running.Length,
            running.Sum(p => p.Live.SelectMany(live => live.Routes.Keys).Distinct(StringComparer.Ordinal).Count()),
            Environment.WorkingSet + workers.Where(w => w.Pid != Environment.ProcessId).Sum(w => w.MemoryBytes),
            workers);
    }

    public IReadOnlyList<string> GetUnreadyReasons() =>
        !_isStarted ? ["The runtime has not started yet."]
        : lifetime.ApplicationStopping.IsCancellationRequested ? ["The host is stopping."]
        : [];

    public IReadOnlyList<ProjectInfo> GetProjects() => projects.Describe();

    public ProjectInfo? FindProject(string name) => projects.Find(name)?.Describe();

    /// <summary>Returns as soon as calls can be taken; projects start on their own, and their calls wait for them.</summary>
    /// <exception cref="CloudFunctionException">What an operator can mend.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var part in parts.InOrder)
            {
                _begun.Push(part);
                await part.StartAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            && new StorageFolders(options).Find(exception) is { } failure)
        {
            throw failure.Fault == StorageFault.Full
                ? new StorageFullException(failure.Folder, exception)
                : new HostFileException($"A file of {failure.Folder} cannot be used: {exception.Message}", exception);
        }

        _isStarted = true;
    }

    /// <summary>By now the server has answered the calls that it had taken: ends all workers.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stops, 1) != 0)
        {
            return;
        }

        await stopping.BeginAsync().ConfigureAwait(false);
        while (_begun.TryPop(out var part))
        {
            await part.StopAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);
}

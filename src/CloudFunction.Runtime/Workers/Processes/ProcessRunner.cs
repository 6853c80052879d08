using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Logging;

namespace CloudFunction.Runtime.Workers.Processes;

/// <summary>Runs workers as processes. Thread safe.</summary>
internal sealed class ProcessRunner(
    WorkerExecutable executable, IReadOnlyDictionary<string, string> baseEnvironment, WorkerLedger ledger, IWorkerOutputSink output,
    TimeProvider time) : IWorkerRunner
{
    private volatile IReadOnlyDictionary<string, string> _baseEnvironment = baseEnvironment;

    // What a worker left behind may hold its pipes open: what it wrote itself is there by then.
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public bool CanStandBy => true;

    /// <inheritdoc/>
    public void SetBaseEnvironment(IReadOnlyDictionary<string, string> environment) => _baseEnvironment = environment;

    /// <summary>Whether something of a pool's deployment is fixed when a process starts.</summary>
    public bool NeedsOwnWorker(WorkerPool pool) =>
        pool.Deployment.Manifest.Contents.NeedsOwnProcess || ProjectEnvironment.NeedsOwnProcess(pool.Environment);

    /// <summary>Starts the process and waits for its exit, and for that of all that it has started.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(WorkerHandle worker)
    {
        using var process = executable.Start(LaunchOf(worker));
        using var tree = new ProcessTree(process);
        worker.Pid = process.Id;
        ledger.Add(process.Id);
        var standardOutput = Drain(worker, process.StandardOutput.BaseStream, isError: false);
        worker.StandardError = Drain(worker, process.StandardError.BaseStream, isError: true);
        var draining = Task.WhenAll(standardOutput.RunAsync(), worker.StandardError.RunAsync());
        worker.Started(() => tree.Kill(process));

        await process.WaitForExitAsync().ConfigureAwait(false);
        tree.Kill(process);
        await draining.WaitAsync(OutputTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // A process leaves its pipes to the finalizers. Closed, they end the reading too, where something holds their other ends.
        process.StandardOutput.Dispose();
        process.StandardError.Dispose();
        worker.Exited();
        return process.ExitCode;
    }

    private WorkerOutput Drain(WorkerHandle worker, Stream stream, bool isError) => new(
        stream,
        line =>
        {
            if (!isError || !worker.HasLoggedItsEnd)
            {
                output.WriteLine(worker.Pool?.Deployment.Project, worker.Id, line, isError);
            }
        },
        lines => output.WriteDropped(worker.Pool?.Deployment.Project, worker.Id, lines),
        time);

    private WorkerLaunch LaunchOf(WorkerHandle worker)
    {
        if (!worker.OwnProcess || worker.Pool is not { } pool)
        {
            return new WorkerLaunch(worker.Endpoint, _baseEnvironment, null, null, null, null);
        }

        var environment = new Dictionary<string, string>(_baseEnvironment);
        foreach (var (name, value) in pool.Environment)
        {
            environment[name] = value;
        }

        var deployment = pool.Deployment;
        return new WorkerLaunch(
            worker.Endpoint, environment, deployment.Directory, deployment.Manifest.Contents.EntryAssembly, deployment.RuntimeConfigPath,
            deployment.AdditionalDepsPath);
    }
}

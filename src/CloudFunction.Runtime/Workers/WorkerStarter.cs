
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Workers;

/// <summary>Runs a worker's process from start to exit. Thread safe.</summary>
internal sealed class WorkerStarter(
    WorkerExecutable executable, string socketPath, IReadOnlyDictionary<string, string> baseEnvironment, WorkerLedger ledger,
    IWorkerOutputSink output, TimeProvider time)
{
    private volatile IReadOnlyDictionary<string, string> _baseEnvironment = baseEnvironment;

    // What a worker left behind may hold its pipes open: what it wrote itself is there by then.
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromSeconds(1);

    /// <summary>From now on every process is started with this environment, and what its project adds.</summary>
    public void SetBaseEnvironment(IReadOnlyDictionary<string, string> environment) => _baseEnvironment = environment;

    /// <summary>Whether a pool's deployment must have processes of its own, because something of it is fixed when a process starts.</summary>
    public static bool NeedsOwnProcess(WorkerPool pool) =>
        pool.Deployment.Manifest.Contents.NeedsOwnProcess || ProjectEnvironment.NeedsOwnProcess(pool.Environment);

    /// <summary>Starts the process and waits for its exit.</summary>
    /// <returns>Its exit code, once it and all that it started have ended.</returns>
    public async Task<int> RunAsync(WorkerHandle worker)
    {
        using var process = executable.Start(LaunchOf(worker));
        using var tree = new ProcessTree(process);
        worker.Tree = tree;
        worker.Pid = process.Id;
        ledger.Add(process.Id);
        var standardOutput = Drain(worker, process.StandardOutput.BaseStream, isError: false);
        worker.StandardError = Drain(worker, process.StandardError.BaseStream, isError: true);
        var draining = Task.WhenAll(standardOutput.RunAsync(), worker.StandardError.RunAsync());
        worker.Process = process;
        Interlocked.MemoryBarrier(); // See WorkerLifecycle.Kill.
        if (worker.KillWhenStarted)
        {
            tree.Kill(process);
        }

        await process.WaitForExitAsync().ConfigureAwait(false);
        tree.Kill(process);
        await Task.WhenAny(draining, Task.Delay(OutputTimeout, time)).ConfigureAwait(false);
        worker.Process = null;
        return process.ExitCode;
    }

    private WorkerOutput Drain(WorkerHandle worker, Stream stream, bool isError) => new(
        stream,
        line =>
        {
            if (!isError || !worker.ToldItsEnd)
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
            return new WorkerLaunch(worker.Id, worker.Secret, socketPath, _baseEnvironment, null, null, null, null);
        }

        var environment = new Dictionary<string, string>(_baseEnvironment);
        foreach (var (name, value) in pool.Environment)
        {
            environment[name] = value;
        }

        var deployment = pool.Deployment;
        return new WorkerLaunch(
            worker.Id, worker.Secret, socketPath, environment, deployment.Directory, deployment.Manifest.Contents.EntryAssembly,
            deployment.RuntimeConfigPath, deployment.AdditionalDepsPath);
    }
}

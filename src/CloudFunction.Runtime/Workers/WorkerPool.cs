using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers.Supervision;

namespace CloudFunction.Runtime.Workers;

/// <summary>The workers of one deployment. Calls read it from any thread; only the supervisor changes it.</summary>
internal sealed class WorkerPool
{
    private WorkerHandle[] _ready = [];

    /// <param name="deployment">What they run.</param>
    /// <param name="environment">The project's own environment.</param>
    /// <param name="dataDirectory">The project's durable folder.</param>
    /// <param name="size">How many there are while the project is awake.</param>
    /// <param name="describe">Whether the first one is to bring the functions' schemas.</param>
    /// <param name="time">For the times of crashes.</param>
    public WorkerPool(
        Deployment deployment, IReadOnlyDictionary<string, string> environment, string dataDirectory, int size, bool describe, TimeProvider time)
    {
        Deployment = deployment;
        Environment = environment;
        DataDirectory = dataDirectory;
        Size = size;
        Describe = describe;
        Crashes = new CrashHistory(time);
    }

    public Deployment Deployment { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public string DataDirectory { get; }

    public int Size { get; }

    public bool Describe { get; }

    /// <summary>The name of a startup class that runs after the project's own, with its assembly's; null for none. A test's.</summary>
    public string? Startup { get; init; }

    /// <summary>What it serves a project with, alone or together with another; null while it does not.</summary>
    public ServingPools? Serving { get; set; }

    /// <summary>The workers, whatever their state.</summary>
    public List<WorkerHandle> Members { get; } = [];

    /// <summary>Ends with the functions once the first worker is ready, or with what keeps the deployment from loading.</summary>
    public TaskCompletionSource<ReadyMessage> FirstReady { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CrashHistory Crashes { get; }

    /// <summary>Not before this timestamp may a new worker start.</summary>
    public long NotBefore { get; set; }

    /// <summary>Whether workers are wanted: not while it sleeps, and not once it is retired or unhealthy.</summary>
    public bool Wanted { get; set; } = true;

    /// <summary>Whether it will never be wanted again.</summary>
    public bool Retired { get; set; }

    /// <summary>What its calls are answered because it is unhealthy, and why it is; null where it is not.</summary>
    public Rejection? Unhealthy { get; set; }

    /// <summary>How a worker was last lost, or null.</summary>
    public string? LastError { get; set; }

    /// <summary>Whether it sleeps: the next call that waits wakes it.</summary>
    public bool Asleep { get; set; }

    /// <summary>Ends once it is retired and its last worker is gone.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The workers that take calls.</summary>
    public ReadOnlySpan<WorkerHandle> Ready => Volatile.Read(ref _ready);

    /// <summary>Whether there is a worker for the next call.</summary>
    public bool CanTakeCalls => Unhealthy is null && Volatile.Read(ref _ready).Length > 0;

    /// <summary>The least busy worker that takes calls, or null.</summary>
    public WorkerHandle? Pick()
    {
        var ready = Volatile.Read(ref _ready);
        if (ready.Length <= 1)
        {
            return ready.Length == 0 ? null : ready[0];
        }

        var best = ready[0];
        for (var i = 1; i < ready.Length; i++)
        {
            if (ready[i].InFlight < best.InFlight)
            {
                best = ready[i];
            }
        }

        return best;
    }

    /// <summary>Finds which workers are ready and lets calls in accordingly.</summary>
    public void Refresh()
    {
        Volatile.Write(ref _ready, [.. Members.Where(m => m.State == WorkerState.Ready)]);
        Serving?.Refresh();
    }
}

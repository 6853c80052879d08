using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>Random events on a few projects; after each of them <see cref="SupervisorOrder"/> must hold.</summary>
internal sealed class SupervisorSequence
{
    private const int ProjectCount = 3;
    private const int MaxPools = 6;

    private readonly SupervisorUnderTest _host;
    private readonly Random _random;
    private readonly List<WorkerPool> _pools = []; // All that ever were.
    private readonly List<Task> _retirements = [];
    private readonly ConcurrencyGate[] _gates;
    private readonly ServingPools?[] _serving = new ServingPools?[ProjectCount];
    private readonly List<(int Project, Task<Rejection?> Entry)> _calls = [];
    private readonly Queue<string> _history = new();
    private readonly (int Weight, Action Step)[] _steps;
    private readonly SupervisorOrder _order;

    public SupervisorSequence(SupervisorUnderTest host, int seed)
    {
        _host = host;
        _random = new Random(seed);
        _gates = [.. Enumerable.Range(0, ProjectCount).Select(project => host.NewGate(() => Wake(project)))];
        _order = new SupervisorOrder(host, _pools, _gates, _serving, _history);
        _steps =
        [
            (4, AddPool), (4, Serve), (3, Retire), (1, ShortenDrain), (1, Sleep), (1, ChangeEnvironment), (6, Call),
            (20, LiveOn), (8, Misbehave), (3, ChangeCalls), (2, RepeatAnEvent), (1, SkipTime),
        ];
    }

    /// <summary>One random event, and all that follows from it.</summary>
    public async Task StepAsync()
    {
        var choice = _random.Next(_steps.Sum(static step => step.Weight));
        var step = _steps.First(step => (choice -= step.Weight) < 0).Step;
        await _host.DoAsync(step);
        await _host.AdvanceAsync(SupervisorUnderTest.Tick * _random.Next(4));
        _order.AssertHolds();
    }

    /// <summary>From now on all workers do what they should: within the longest delay everybody has what they want.</summary>
    public async Task CalmDownAsync()
    {
        foreach (var process in _host.Runner.Running)
        {
            process.Lingers = false;
            (process.Link.InFlight, process.Link.OnlyAbandoned, process.Link.SinceLastPong) = (0, false, TimeSpan.Zero);
        }

        Note("calm");
        for (var tick = 0; tick < 150; tick++)
        {
            await _host.DoAsync(BehaveAll);
            await _host.AdvanceAsync(SupervisorUnderTest.Tick);
            _order.AssertHolds();
        }

        foreach (var pool in _pools.Where(static pool => pool.Wanted && !pool.Retired))
        {
            _order.Check(pool.Ready.Length == pool.Size, $"{SupervisorOrder.Name(pool)} has {pool.Ready.Length} of {pool.Size} workers");
        }

        var standby = _host.ProcessesOf(null).Count;
        _order.Check(standby == _host.Options.StandbyWorkers, $"{standby} workers are on standby");
        _order.Check(_host.Runner.Running.All(static process => !process.IsKilled), "a killed worker runs");
    }

    /// <summary>Ends all projects, and then nothing runs but the standby and nobody waits.</summary>
    public async Task EndAsync()
    {
        for (var project = 0; project < ProjectCount; project++)
        {
            _gates[project].Close(new Rejection(RejectionReason.ProjectStopped, "It is stopped."));
        }

        foreach (var pool in _pools)
        {
            _retirements.Add(_host.Supervisor.RetireAsync(pool, TimeSpan.Zero, "its project is stopped"));
        }

        await _host.SettleAsync();
        await CalmDownAsync();
        _order.Check(_retirements.TrueForAll(static gone => gone.IsCompletedSuccessfully), "somebody waits for a pool's end");
        _order.Check(_pools.TrueForAll(static pool => pool.FirstReady.Task.IsCompleted), "somebody waits for a pool's first worker");
        foreach (var (_, entry) in _calls)
        {
            await entry.Soon("a call that waits at a closed gate");
        }

        _order.Check(_host.Runner.Running.All(static process => process.Worker.Pool is null), "a worker outlives its project");
    }

    private void AddPool()
    {
        if (_pools.Count(static pool => !pool.Retired) < MaxPools)
        {
            var pool = _host.NewPool($"p{_random.Next(ProjectCount)}", size: _random.Next(1, 4), version: _pools.Count + 1);
            pool.Asleep = _random.Next(6) == 0; // As one that was loaded before and waits for its first call.
            pool.Wanted = !pool.Asleep;
            _pools.Add(pool);
            Note($"add {SupervisorOrder.Name(pool)} of {pool.Size}{(pool.Asleep ? ", asleep" : "")}");
            _host.Supervisor.Add(pool);
        }
    }

    private void Serve()
    {
        var project = _random.Next(ProjectCount);
        WorkerPool[] pools = [.. _pools.Where(pool => !pool.Retired && pool.Deployment.Project == $"p{project}").TakeLast(_random.Next(1, 3))];
        if (pools.Length > 0)
        {
            Note($"serve {string.Join(" and ", pools.Select(SupervisorOrder.Name))}");
            _serving[project] = new ServingPools(_gates[project], pools);
            _host.Supervisor.Serve(_serving[project]!);
        }
    }

    private void Retire()
    {
        if (Any(_pools) is { } pool)
        {
            var grace = TimeSpan.FromSeconds(_random.Next(4));
            Note($"retire {SupervisorOrder.Name(pool)} within {grace}");
            _retirements.Add(_host.Supervisor.RetireAsync(pool, grace, "newer workers took its place"));
        }
    }

    private void ShortenDrain()
    {
        if (Any(_pools) is { } pool)
        {
            Note($"shorten {SupervisorOrder.Name(pool)}");
            _host.Supervisor.ShortenDrain(pool, TimeSpan.Zero);
        }
    }

    private void Sleep()
    {
        if (Any([.. _serving.OfType<ServingPools>()]) is { } serving)
        {
            Note($"sleep {string.Join(" and ", serving.Pools.Select(SupervisorOrder.Name))}");
            _host.Supervisor.Sleep(serving);
        }
    }

    private void ChangeEnvironment()
    {
        Note("environment");
        _host.Supervisor.SetBaseEnvironment(new Dictionary<string, string>());
    }

    private void Call()
    {
        if (_calls.FindIndex(static call => call.Entry.IsCompletedSuccessfully) is >= 0 and var ended && _random.Next(2) == 0)
        {
            _gates[_calls[ended].Project].Exit();
            _calls.RemoveAt(ended);
            return;
        }

        var project = _random.Next(ProjectCount);
        Note($"call p{project}");
        _calls.Add((project, _gates[project].EnterAsync(long.MaxValue, default).AsTask()));
    }

    private void LiveOn()
    {
        if (Any(_host.Runner.Running) is { } process)
        {
            Note($"live on: {process}");
            Behave(process);
        }
    }

    private void BehaveAll()
    {
        foreach (var process in _host.Runner.Running)
        {
            Behave(process);
        }
    }

    private static void Behave(FakeProcess process)
    {
        if (process.IsKilled || process.Link.Commands.Contains("drain"))
        {
            process.Exit(0);
        }
        else if (process.Worker.Link is null)
        {
            process.Connect();
        }
        else if (process.Worker.State == WorkerState.Loading)
        {
            process.BecomeReady();
        }
    }

    private void Misbehave()
    {
        if (Any(_host.Runner.Running) is not { } process)
        {
            return;
        }

        process.Lingers = _random.Next(3) == 0;
        Note($"misbehave: {process}");
        switch (_random.Next(6))
        {
            case 0:
                process.Exit(_random.Next(200));
                break;
            case 1 when process.Worker.Link is null:
                process.FailToStart("no memory");
                break;
            case 2 when process.Worker.Link is not null:
                process.EndConnection((Protocol.Connections.ConnectionEndReason)_random.Next(4));
                break;
            case 3 when process.Worker.State == WorkerState.Loading:
                process.FailLoad("no function");
                break;
            case 4 when process.Worker.State == WorkerState.Ready:
                process.ReportStuck();
                break;
            default:
                process.Link.SinceLastPong = TimeSpan.FromMinutes(1);
                break;
        }
    }

    private void ChangeCalls()
    {
        if (Any([.. _host.Runner.Running.Where(static process => process.Worker.Link is not null)]) is { } process)
        {
            process.Link.InFlight = _random.Next(3);
            process.Link.Opened += process.Link.InFlight;
            process.Link.OnlyAbandoned = process.Link.InFlight > 0 && _random.Next(3) == 0;
            Note($"calls: {process.Link.InFlight} in {process}");
        }
    }

    // One that comes late, or twice: whatever its worker is by now.
    private void RepeatAnEvent()
    {
        if (Any(_host.Runner.Processes) is { Worker.Link: not null } process)
        {
            Note($"repeat: {process}");
            Action[] events =
            [
                process.BecomeReady, () => process.FailLoad("late"), process.ReportStuck, process.Worker.ReportConnected,
                () => process.EndConnection(),
            ];
            Any(events)!();
        }
    }

    private void SkipTime()
    {
        Note("time");
        _host.Time.Advance(TimeSpan.FromSeconds(_random.Next(40)));
    }

    private void Wake(int project)
    {
        if (_serving[project] is { } serving)
        {
            _host.Supervisor.Wake(serving);
        }
    }

    private T? Any<T>(IReadOnlyList<T> all)
        where T : class => all.Count == 0 ? null : all[_random.Next(all.Count)];

    private void Note(string step)
    {
        _history.Enqueue(step);
        if (_history.Count > 40)
        {
            _history.Dequeue();
        }
    }
}

using System.Diagnostics;
using EdgeAttacks.Attacks;
using EdgeAttacks.Clients;
using EdgeAttacks.Hosts;
using EdgeAttacks.Probes;

namespace EdgeAttacks;

/// <summary>A fresh host on which one attack is measured.</summary>
internal sealed class AttackedHost : IAsyncDisposable
{
    // For what the attack held to be given back, as far as it is.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(4);

    private readonly EdgeHost _host;
    private readonly AttackPlan _plan;
    private readonly Probe _same;
    private readonly Probe _other;

    private AttackedHost(EdgeHost host, AttackPlan plan)
    {
        (_host, _plan) = (host, plan);
        _same = new Probe(host, EdgeHost.Attacked, plan.Attack);
        _other = new Probe(host, EdgeHost.Other, plan.Attack);
    }

    /// <summary>Starts a host, and does what has to be there before the attack.</summary>
    public static async Task<AttackedHost> PrepareAsync(AttackPlan plan, CancellationToken cancellationToken)
    {
        var attacked = new AttackedHost(await EdgeHost.StartAsync(plan.Build, plan.Name, plan.Attack.Descriptors, cancellationToken), plan);
        try
        {
            await plan.Attack.PrepareAsync(attacked._host, cancellationToken);
            await attacked._same.WarmUpAsync();
            await attacked._other.WarmUpAsync();
            return attacked;
        }
        catch
        {
            await attacked.DisposeAsync();
            throw;
        }
    }

    /// <summary>Attacks it.</summary>
    public async Task<AttackSample> MeasureAsync(CancellationToken cancellationToken)
    {
        var before = HostReading.TryRead(_host.ProcessId);
        HostReading.ResetPeak(_host.ProcessId);
        var watch = new HostWatch(_host);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watchingHost = watch.RunAsync(watching.Token);
        using var connections = new ConnectionWatch(_host.Port, _plan.Count, _plan.Attack.StopsReading);
        var scene = new AttackScene(_host, connections, _plan.Count);
        var (same, other) = await AttackAsync(watchingHost, connections, scene, cancellationToken);
        var attackers = connections.Summarize();
        connections.Dispose();

        var gone = HostReading.TryRead(_host.ProcessId);
        var left = Stopwatch.GetTimestamp();
        await Task.Delay(Settle, cancellationToken);
        var after = HostReading.TryRead(_host.ProcessId);
        var cores = (after?.ProcessorTime - gone?.ProcessorTime) / Stopwatch.GetElapsedTime(left);
        var answers = after is not null && await _same.IsAnsweredAsync() && await _other.IsAnsweredAsync();
        await watching.CancelAsync();
        await watchingHost;
        return _plan.Sample with
        {
            BytesBefore = before?.ResidentBytes ?? 0,
            BytesPeak = watch.PeakBytes,
            BytesAfter = after?.ResidentBytes,
            Descriptors = watch.Descriptors,
            SameProject = same,
            OtherProject = other,
            Attackers = attackers,
            Besides = scene.Besides,
            CoresAfter = cores,
            AnswersAfter = answers,
            EndedAfterSeconds = watch.EndedAfter?.TotalSeconds,
            ExitCode = _host.ExitCode,
            KilledAfterSeconds = watch.KilledAfter?.TotalSeconds,
        };
    }

    public async ValueTask DisposeAsync()
    {
        _same.Dispose();
        _other.Dispose();
        await _host.DisposeAsync();
    }

    /// <summary>Attacks and calls at once, until the attack's time is over or the host ends. Attackers stay until the last call has ended.</summary>
    private async Task<(ProbeSummary Same, ProbeSummary Other)> AttackAsync(
        Task hostEnd, ConnectionWatch connections, AttackScene scene, CancellationToken cancellationToken)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var window = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        window.CancelAfter(_plan.Attack.Window);
        var watchingConnections = connections.RunAsync(watching.Token);
        var attack = RunAttackAsync(scene, window.Token);
        if (_plan.Attack.Lead > TimeSpan.Zero)
        {
            await Task.Delay(_plan.Attack.Lead, cancellationToken);
        }

        var same = _same.RunAsync(window.Token);
        var other = _other.RunAsync(window.Token);
        await Task.WhenAny(attack, hostEnd);
        await window.CancelAsync();
        await attack;
        var summaries = (await same, await other);
        await watching.CancelAsync();
        await watchingConnections;
        cancellationToken.ThrowIfCancellationRequested();
        return summaries;
    }

    private async Task RunAttackAsync(AttackScene scene, CancellationToken window)
    {
        try
        {
            await _plan.Attack.RunAsync(scene, window);
        }
        catch (OperationCanceledException)
        {
            // Its time is over.
        }
    }
}

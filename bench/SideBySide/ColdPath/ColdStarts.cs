using System.Diagnostics;
using SideBySide.Options;
using SideBySide.Processes;
using SideBySide.RoundTrips;
using SideBySide.Systems;

namespace SideBySide.ColdPath;

/// <summary>
/// How long a first call waits: from the start of a stopped project being sent to the 200 of an invoke sent right behind it on
/// another connection, with and without a standby worker, with the libraries for models and databases, and where the project's environment
/// rules the standby out, and a bare process from spawn to exit; all interleaved.
/// </summary>
internal static class ColdStarts
{
    // What the stop set in motion (exits, cleaning up, the next standby's last touches) is over by then.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<StartSample>> MeasureAsync(ComparisonOptions options, CancellationToken cancellationToken)
    {
        var samples = new List<StartSample>();
        var measuresHosts = options.Measures(SystemNames.CloudFunction);
        await using var with = measuresHosts ? await CloudFunctionHost.StartAsync(options, standbyWorkers: 1, cancellationToken) : null;
        using var ownProjects = measuresHosts ? OwnProcessProject.Make() : null;
        await using var own = ownProjects is null
            ? null
            : await CloudFunctionHost.StartAsync(
                options with { ProjectsDirectory = ownProjects.ProjectsDirectory }, standbyWorkers: 1, cancellationToken);
        using var referencedProjects = measuresHosts ? LibrariesProject.MakeReferencing() : null;
        await using var referenced = await StartHostAsync(options, referencedProjects, cancellationToken);
        using var registeredProjects = measuresHosts ? LibrariesProject.MakeRegistering(uses: false) : null;
        await using var registered = await StartHostAsync(options, registeredProjects, cancellationToken);
        using var usedProjects = measuresHosts ? LibrariesProject.MakeRegistering(uses: true) : null;
        await using var used = await StartHostAsync(options, usedProjects, cancellationToken);
        await using var without = measuresHosts ? await CloudFunctionHost.StartAsync(options, standbyWorkers: 0, cancellationToken) : null;

        // Round 0 compiles the hosts' own code on this path; it is discarded.
        for (var round = 0; round <= options.ColdRounds; round++)
        {
            samples.Add(await StartBareAsync(round, cancellationToken));
            if (with is not null && without is not null && own is not null && referenced is not null && registered is not null && used is not null)
            {
                samples.Add(await StartColdAsync(with, StartSample.WithStandby, round, cancellationToken));
                samples.Add(await StartColdAsync(without, StartSample.WithoutStandby, round, cancellationToken));
                samples.Add(await StartColdAsync(own, StartSample.OwnProcess, round, cancellationToken));
                samples.Add(await StartColdAsync(referenced, StartSample.Referenced, round, cancellationToken));
                samples.Add(await StartColdAsync(registered, StartSample.Registered, round, cancellationToken));
                samples.Add(await StartColdAsync(used, StartSample.Used, round, cancellationToken));
            }
        }

        return [.. samples.Where(sample => sample.Round > 0)];
    }

    private static async Task<CloudFunctionHost?> StartHostAsync(
        ComparisonOptions options, LibrariesProject? projects, CancellationToken cancellationToken) =>
        projects is null ? null : await CloudFunctionHost.StartAsync(
            options with { ProjectsDirectory = projects.ProjectsDirectory }, standbyWorkers: 1, cancellationToken);

    private static async Task<StartSample> StartBareAsync(int round, CancellationToken cancellationToken)
    {
        await Task.Delay(Settle, cancellationToken);
        var start = ChildProcess.StartInfo(Repository.BareProcess, []);
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        if (!process.WaitForExit(Limit) || process.ExitCode != 0)
        {
            process.Kill();
            throw new MeasurementException($"The bare process did not end well within {Limit.TotalSeconds:0} s.");
        }

        return new StartSample(StartSample.Bare, round, Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1);
    }

    private static async Task<StartSample> StartColdAsync(CloudFunctionHost host, string kind, int round, CancellationToken cancellationToken)
    {
        await host.StopProjectAsync(cancellationToken);
        if (kind is not (StartSample.WithoutStandby or StartSample.OwnProcess))
        {
            await host.WaitForStandbyAsync(cancellationToken);
        }

        await Task.Delay(Settle, cancellationToken);
        var (startRequest, invokeRequest) = (host.RawStartRequest(), host.RawRequest());
        using var starter = RawHttpConnection.Connect(host.Port);
        var invoker = RawHttpConnection.Connect(host.Port);
        try
        {
            starter.Call(host.RawVersionRequest());
            invoker.Call(host.RawVersionRequest());

            var attempts = 1;
            var started = Stopwatch.GetTimestamp();
            starter.Send(startRequest);
            for (var answer = invoker.Call(invokeRequest); answer.Status != 200; answer = invoker.Call(invokeRequest))
            {
                // Stopped or starting still: 409 and 503 are what the contract has for an invoke that overtook the start.
                if (answer.Status is not (409 or 503) || Stopwatch.GetElapsedTime(started) > Limit)
                {
                    throw new MeasurementException(
                        $"{kind}: an invoke behind the start was answered {answer.Status} after "
                        + $"{Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms.");
                }

                attempts++;
                await Task.Delay(1, cancellationToken);
                invoker.Dispose();
                invoker = RawHttpConnection.Connect(host.Port);
            }

            var elapsed = Stopwatch.GetElapsedTime(started);
            var start = starter.Receive();
            return start.Status == 200
                ? new StartSample(kind, round, elapsed.TotalMilliseconds, attempts)
                : throw new MeasurementException($"{kind}: the start was answered {start.Status}.");
        }
        finally
        {
            invoker.Dispose();
        }
    }
}

using System.Diagnostics;
using System.Net.Http.Headers;
using SideBySide.Report;
using SideBySide.Systems;

namespace SideBySide.Deploys;

/// <summary>Deploys in a row while calls go on: none may fail, and each answer is wholly one version's.</summary>
internal static class DeploysRun
{
    private const string Path = "/api/v1/functions/swing/answer/invoke";
    private const string DeployRoute = "/api/v1/projects/swing/deploy";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    // A deploy that fails waits for a worker that does not come (TIMEOUT_NOTIFY) at most.
    private static readonly TimeSpan DeployLimit = TimeSpan.FromMinutes(2);

    public static Task<int> RunAsync(DeploysOptions options) => MeasuredRun.RunAsync(async cancellationToken =>
    {
        var head = await ReportHead.ReadAsync(cancellationToken);
        await using var host = new TemporaryHost("host", Path, new Dictionary<string, string>());
        await host.StartAsync(StartLimit, cancellationToken);
        using var client = new HttpClient { Timeout = DeployLimit };
        var deploys = new List<DeploySample>();
        var wrong = new List<string>();
        await DeployAsync('a', AnswerFault.None, 0);
        if (wrong.Count > 0)
        {
            throw new MeasurementException($"The first deploy was answered {wrong[0]}");
        }

        deploys.Clear();
        using var callers = new Callers(host.Uri, options.Connections);
        callers.Expect('a');
        using var calling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var calls = callers.RunAsync(calling.Token);
        List<CallSummary> phases = [];
        try
        {
            await Task.Delay(options.Quiet, cancellationToken);
            callers.EndPhase("warm-up");
            await Task.Delay(options.Quiet, cancellationToken);
            phases.Add(callers.EndPhase("quiet"));
            await DeployAllAsync(callers);
            phases.Add(callers.EndPhase("deploys"));
            await Task.Delay(options.Quiet, cancellationToken);
            phases.Add(callers.EndPhase("quiet after"));
        }
        finally
        {
            await calling.CancelAsync();
            await calls;
        }

        var result = new DeploysResult(head, options with { Output = null }, phases, deploys, wrong);
        var report = DeploysReport.Write(result);
        Console.Write(report);
        if (options.Output is { } output)
        {
            Progress.Report($"written to {await ResultFiles.WriteAsync(output, "-deploys", head, result, report, cancellationToken)}");
        }

        async Task DeployAllAsync(Callers watched)
        {
            var serving = 'a';
            for (var number = 1; number <= options.Count; number++)
            {
                // Spread evenly, and the two faults in turn.
                var broken = number * options.Broken / options.Count;
                var isBroken = broken > (number - 1) * options.Broken / options.Count;
                var fault = !isBroken ? AnswerFault.None : broken % 2 == 0 ? AnswerFault.AssemblyMissing : AnswerFault.AssemblyCutShort;
                var next = serving == 'a' ? 'b' : 'a';
                var began = Stopwatch.GetTimestamp();
                watched.Expect(isBroken ? serving : null);
                var isDeployed = await DeployAsync(next, fault, number);
                serving = isDeployed ? next : serving;
                watched.Expect(serving);
                var rest = options.Every - Stopwatch.GetElapsedTime(began);
                await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, cancellationToken);
            }
        }

        async Task<bool> DeployAsync(char letter, AnswerFault fault, int number)
        {
            Progress.Report($"deploy {number} of {options.Count}: {letter}, {fault}");
            using var archive = new ByteArrayContent(AnswerArchive.Make(letter, fault));
            archive.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
            var started = Stopwatch.GetTimestamp();
            using var response = await client.PostAsync(new Uri(host.Uri, DeployRoute), archive, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            var status = (int)response.StatusCode;
            deploys.Add(new DeploySample(number, letter, fault.ToString(), status, Stopwatch.GetElapsedTime(started).TotalMilliseconds));
            if (status != (fault == AnswerFault.None ? 200 : 422))
            {
                wrong.Add($"{number}, {letter}, {fault}: {status} {body}");
            }

            return response.IsSuccessStatusCode;
        }
    });
}

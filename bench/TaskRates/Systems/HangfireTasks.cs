using System.Text.Json;
using SideBySide;
using SideBySide.Processes;

namespace TaskRates.Systems;

/// <summary>This executable as a Hangfire server, with jobs in memory or in a PostgreSQL server of its own.</summary>
internal sealed class HangfireTasks : TaskSystem
{
    private PostgresServer? _postgres;

    private HangfireTasks(string name)
        : base(name)
    {
    }

    protected override string EmptyPath => "/empty";

    protected override string StampPath => "/stamp";

    public static async Task<TaskSystem> StartAsync(string name, int connections, CancellationToken cancellationToken)
    {
        var system = new HangfireTasks(name);
        try
        {
            List<string> arguments = ["hangfire", "--port", $"{system.Port}"];
            if (name.StartsWith(SystemNames.HangfirePostgres, StringComparison.Ordinal))
            {
                system._postgres = await PostgresServer.StartAsync(cancellationToken);
                arguments.AddRange(["--connection", system._postgres.Connection]);
            }

            if (SystemNames.IsTuned(name))
            {
                arguments.AddRange(["--workers", $"{connections}"]);
            }

            system.Process = ChildProcess.StartDotnet(name, typeof(HangfireTasks).Assembly.Location, arguments);
            await system.WaitUntilAsync("an answer", token => system.ProblemAsync("/counts", token), cancellationToken);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public override async Task<bool> HaveFinishedAsync(int count, CancellationToken cancellationToken)
    {
        var counts = await GetAsync("/counts", cancellationToken);
        return counts.GetProperty("failed").GetInt64() > 0
            ? throw new MeasurementException($"{Name}: a job has failed.")
            : counts.GetProperty("succeeded").GetInt64() >= count;
    }

    public override async Task<long?> StartOfAsync(string id, CancellationToken cancellationToken)
    {
        var start = (await GetAsync($"/starts/{id}", cancellationToken)).GetProperty("start");
        return start.ValueKind == JsonValueKind.Null ? null : start.GetInt64();
    }

    protected override async ValueTask DeleteAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }
    }
}

using EdgeAttacks.Clients;
using EdgeAttacks.Hosts;
using SideBySide;

namespace EdgeAttacks.Attacks;

/// <summary>Readers of one task with a large payload.</summary>
internal sealed class TaskReaders() : StoppedReaders(
    "tasks", "3. Readers of a task", "`GET /api/v1/tasks/{id}` of one finished task with a payload of 29 MB.", size: 16)
{
    private const int PayloadBytes = 29 << 20;

    private static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(500);

    private byte[] _request = [];

    public override async Task PrepareAsync(EdgeHost host, CancellationToken cancellationToken)
    {
        var invoke = $"{EdgeHost.InvokePath(EdgeHost.Attacked, "measure")}?mode=async";
        var accepted = await host.PostAsync(invoke, RawRequest.Text(PayloadBytes), idempotencyKey: null, cancellationToken);
        var path = $"/api/v1/tasks/{accepted.GetProperty("task_id").GetString()}";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(FinishLimit);
        var status = "";
        try
        {
            while (status != "completed")
            {
                await Task.Delay(CheckInterval, limit.Token);
                status = (await host.GetAsync("/api/v1/tasks?limit=1", limit.Token)).GetProperty("tasks")[0].GetProperty("status").GetString();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MeasurementException($"{host.Name}: the task to be read is {status} after {FinishLimit.TotalSeconds:0} s.");
        }

        _request = RawRequest.Get(path);
    }

    protected override byte[] Request(int number) => _request;
}

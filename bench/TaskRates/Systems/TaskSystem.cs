using System.Text;
using System.Text.Json;
using SideBySide;
using SideBySide.Processes;
using SideBySide.RoundTrips;

namespace TaskRates.Systems;

/// <summary>A running system that stores tasks over HTTP on the loopback and runs them, new for each measurement.</summary>
internal abstract class TaskSystem(string name) : IAsyncDisposable
{
    // A start builds nothing; on a busy machine it takes some seconds.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);

    private readonly HttpClient _client = new() { Timeout = StartTimeout };

    public string Name => name;

    public int Port { get; } = FreePort.Take();

    protected ChildProcess? Process { get; set; }

    protected abstract string EmptyPath { get; }

    protected abstract string StampPath { get; }

    /// <summary>Asks for a task that does nothing.</summary>
    public byte[] EmptyRequest => RawHttpConnection.Post(Port, EmptyPath, "{}");

    /// <summary>Whether all tasks have finished.</summary>
    /// <param name="count">How many there have been since the start.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    public abstract Task<bool> HaveFinishedAsync(int count, CancellationToken cancellationToken);

    /// <summary>Asks for a task that says when it started.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> StampAsync(CancellationToken cancellationToken)
    {
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri($"http://127.0.0.1:{Port}{StampPath}"), content, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return (int)response.StatusCode == StatusCodes.Status202Accepted
            ? JsonElement.Parse(body).GetProperty("task_id").GetString()!
            : throw new MeasurementException($"{Name} answered {(int)response.StatusCode}: {body}");
    }

    /// <summary>When that task started, by the machine's monotonic clock; null while it has not finished.</summary>
    public abstract Task<long?> StartOfAsync(string id, CancellationToken cancellationToken);

    public void ThrowIfExited() => Process?.ThrowIfExited();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        await DeleteAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual ValueTask DeleteAsync() => default;

    protected async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(new Uri($"http://127.0.0.1:{Port}{path}"), cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonElement.Parse(body)
            : throw new MeasurementException($"{Name}: GET {path} answered {(int)response.StatusCode}: {body}");
    }

    protected Task WaitUntilAsync(string what, Func<CancellationToken, Task<string?>> problem, CancellationToken cancellationToken) =>
        Poll.UntilAsync($"{Name}: {what}", problem, ThrowIfExited, Process is null ? [] : [Process], StartTimeout, cancellationToken);

    protected async Task<string?> ProblemAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(new Uri($"http://127.0.0.1:{Port}{path}"), cancellationToken);
        return response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode}";
    }
}

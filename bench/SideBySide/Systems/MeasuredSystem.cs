using System.Text;
using System.Text.Json;
using SideBySide.Memory;
using SideBySide.Processes;
using SideBySide.RoundTrips;

namespace SideBySide.Systems;

/// <summary>A running system that greets over HTTP on the loopback, and the processes it consists of.</summary>
internal abstract class MeasuredSystem : IAsyncDisposable
{
    public const string Payload = """{"name":"Ada"}""";
    private const string Answer = "Hello, Ada!";

    // Long enough for a cold start on a busy machine, and for a system that hangs to be noticed within a coffee.
    protected static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    public abstract string Name { get; }

    public abstract int Port { get; }

    public abstract string Path { get; }

    protected HttpClient Client { get; } = new() { Timeout = AnswerTimeout };

    public Uri Uri => new($"http://127.0.0.1:{Port}{Path}");

    /// <summary>Bytes of one answer on the wire, headers and all, as counted by <see cref="CheckAnswerAsync"/>.</summary>
    public int AnswerBytes { get; private set; }

    protected abstract IReadOnlyList<ChildProcess> Processes { get; }

    public byte[] RawRequest() => RawHttpConnection.Post(Port, Path, Payload);

    public abstract IEnumerable<MemoryReading> ReadMemory(string moment);

    /// <summary>The answer is the right one, before anything about it is measured.</summary>
    public async Task CheckAnswerAsync(CancellationToken cancellationToken)
    {
        using var content = new StringContent(Payload, Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync(Uri, content, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode || GreetingIn(body) != Answer)
        {
            throw new MeasurementException($"{Name} answered {(int)response.StatusCode} with '{body}'; '{Answer}' was expected.");
        }

        using var raw = RawHttpConnection.Connect(Port);
        AnswerBytes = raw.Call(RawRequest()).Bytes;
    }

    public void ThrowIfExited()
    {
        foreach (var process in Processes)
        {
            process.ThrowIfExited();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var process in Processes)
        {
            await process.DisposeAsync();
        }

        DeleteFiles();
        GC.SuppressFinalize(this);
    }

    protected virtual void DeleteFiles()
    {
    }

    protected abstract string? GreetingIn(JsonElement answer);

    /// <summary>Polls until the system answers, for as long as its processes live and no longer than <paramref name="limit"/>.</summary>
    protected Task WaitUntilAsync(string what, Func<CancellationToken, Task<string?>> problem, TimeSpan limit, CancellationToken cancellationToken) =>
        Poll.UntilAsync($"{Name}: {what}", problem, ThrowIfExited, Processes, limit, cancellationToken);

    private string? GreetingIn(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return GreetingIn(document.RootElement);
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null; // The caller's message shows the whole body, which says more than the parser's.
        }
    }
}

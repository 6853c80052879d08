using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace SideBySide.Deploys;

/// <summary>Callers that each wait for their answer before they call again, and check every answer.</summary>
internal sealed class Callers : IDisposable
{
    // Enough to see what kind of failure it is.
    private const int KeptProblems = 5;

    // Longer than a call may wait for a worker (TIMEOUT_NOTIFY): a call that is lost is counted, and does not hang the measurement.
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(60);

    private readonly Uri _uri;
    private readonly int _connections;
    private readonly HttpClient _client;
    private readonly Lock _gate = new();
    private List<long> _ticks = [];
    private List<string> _problems = [];
    private long _failed;
    private long _mixed;
    private long _late;
    private long _phaseStart;
    private StrongBox<char>? _expected;

    public Callers(Uri uri, int connections)
    {
        _uri = uri;
        _connections = connections;
        _client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false }) { Timeout = CallTimeout };
    }

    /// <summary>Sets which version alone may answer a call that is sent from now on; null while a deploy is under way.</summary>
    public void Expect(char? letter) => Volatile.Write(ref _expected, letter is { } only ? new StrongBox<char>(only) : null);

    /// <summary>Calls until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        _phaseStart = Stopwatch.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, _connections).Select(_ => Task.Run(() => CallAsync(cancellationToken), CancellationToken.None)));
    }

    /// <summary>Sums up the calls answered since the last phase.</summary>
    public CallSummary EndPhase(string name)
    {
        lock (_gate)
        {
            var ticks = _ticks;
            ticks.Sort();
            var now = Stopwatch.GetTimestamp();
            var summary = new CallSummary(
                name, Stopwatch.GetElapsedTime(_phaseStart, now).TotalSeconds, ticks.Count, _failed, _mixed, _late, Percentile(ticks, 0.5),
                Percentile(ticks, 0.99), Percentile(ticks, 1), _problems);
            (_ticks, _problems, _failed, _mixed, _late, _phaseStart) = ([], [], 0, 0, 0, now);
            return summary;
        }
    }

    public void Dispose() => _client.Dispose();

    private static double Percentile(List<long> sorted, double part) =>
        sorted.Count == 0 ? 0 : sorted[(int)Math.Min(sorted.Count - 1, Math.Floor(sorted.Count * part))] * 1e6 / Stopwatch.Frequency;

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var expected = Volatile.Read(ref _expected);
            var started = Stopwatch.GetTimestamp();
            var (status, body) = await CallOnceAsync();
            Note(Stopwatch.GetTimestamp() - started, expected, status, body);
        }
    }

    private async Task<(int Status, string Body)> CallOnceAsync()
    {
        try
        {
            using var content = new StringContent("{}", Encoding.UTF8, "application/json");
            using var response = await _client.PostAsync(_uri, content, CancellationToken.None);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(CancellationToken.None));
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or TaskCanceledException)
        {
            return (0, lost.Message);
        }
    }

    private void Note(long ticks, StrongBox<char>? expected, int status, string body)
    {
        var letter = status == 200 ? LetterOf(body) : null;
        lock (_gate)
        {
            _ticks.Add(ticks);
            var problem = status != 200 ? "failed" : letter is null ? "mixed" : expected is not null && expected.Value != letter ? "late" : null;
            _failed += problem == "failed" ? 1 : 0;
            _mixed += problem == "mixed" ? 1 : 0;

            // The next deploy may have begun while this call was on its way: only what was expected throughout can be late.
            _late += problem == "late" && ReferenceEquals(Volatile.Read(ref _expected), expected) ? 1 : 0;
            if (problem is "failed" or "mixed" && _problems.Count < KeptProblems)
            {
                _problems.Add($"{problem}: {status} {body}");
            }
        }
    }

    /// <summary>The version that alone gives this answer; null where none does.</summary>
    private static char? LetterOf(string body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var text = answer.RootElement.GetProperty("result").GetString();
            return text == AnswerArchive.AnswerOf('a') ? 'a' : text == AnswerArchive.AnswerOf('b') ? 'b' : null;
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null; // Cut short, say: it is counted, and shown whole.
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EdgeAttacks.Attacks;
using EdgeAttacks.Hosts;
using SideBySide;

namespace EdgeAttacks.Probes;

/// <summary>
/// Calls one project at a fixed rate, whatever becomes of the calls before: in turn on a connection that is kept, as a client has it, and on a new
/// one. Every answer is checked.
/// </summary>
internal sealed class Probe : IDisposable
{
    private const string Right = "right";
    private const int WarmUpCalls = 20;

    // As large as a usual payload: one of a few bytes would find room where there is none for anybody else.
    private static readonly string Padding = new('x', 500);

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    // Well before the server's TIMEOUT_KEEP_ALIVE of 5 s: a call that meets its end on the way would be lost through nobody's fault.
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(2);

    private readonly HttpClient _kept = Client(Timeout.InfiniteTimeSpan);
    private readonly HttpClient _fresh = Client(TimeSpan.Zero);
    private readonly Uri _uri;
    private readonly IReadOnlyList<CallKind> _kinds;
    private readonly TimeSpan _interval;

    /// <param name="host">Where.</param>
    /// <param name="project">Which project's function is called.</param>
    /// <param name="attack">During which attack, which has the rate and how it is called.</param>
    public Probe(EdgeHost host, string project, Attack attack)
    {
        _uri = new Uri(host.Uri, EdgeHost.InvokePath(project, "echo"));
        _kinds = attack.Probes;
        _interval = attack.CallInterval;
    }

    /// <summary>Calls a few times, so that neither the first calls' compilation nor the connection is measured.</summary>
    /// <exception cref="MeasurementException">A call had no right answer.</exception>
    public async Task WarmUpAsync()
    {
        for (var number = 0; number < WarmUpCalls; number++)
        {
            var (outcome, _) = await CallAsync(number);
            if (outcome != Right)
            {
                throw new MeasurementException($"A call of {_uri} before the attack had: {outcome}.");
            }
        }
    }

    /// <summary>Whether a single call on a new connection has its right answer.</summary>
    public async Task<bool> IsAnsweredAsync() => (await CallAsync(1)).Outcome == Right;

    /// <summary>Calls until it is cancelled, and waits for the last answers.</summary>
    public async Task<ProbeSummary> RunAsync(CancellationToken cancellationToken)
    {
        var calls = new List<Task<(string Outcome, TimeSpan Took)>>();
        using var timer = new PeriodicTimer(_interval);
        var began = Stopwatch.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                calls.Add(CallAsync(calls.Count));
            }
        }
        catch (OperationCanceledException)
        {
            // The attack's time is over.
        }

        var due = (int)(Stopwatch.GetElapsedTime(began) / _interval);
        return Summarize(due, await Task.WhenAll(calls));
    }

    public void Dispose()
    {
        _kept.Dispose();
        _fresh.Dispose();
    }

    private static ProbeSummary Summarize(int due, (string Outcome, TimeSpan Took)[] calls)
    {
        var right = calls.Where(call => call.Outcome == Right).Select(call => call.Took.TotalMilliseconds).Order().ToList();
        var others = calls.Where(call => call.Outcome != Right).CountBy(call => call.Outcome).OrderBy(outcome => outcome.Key, StringComparer.Ordinal);
        var fresh = calls.Where((_, number) => IsFresh(number)).ToList();
        return new ProbeSummary(
            due,
            calls.Length,
            right.Count,
            Quantile(right, 0.5),
            Quantile(right, 0.99),
            fresh.Count,
            fresh.Count(call => call.Outcome == Right),
            others.ToDictionary());
    }

    private static HttpClient Client(TimeSpan connectionLifetime)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            PooledConnectionLifetime = connectionLifetime,
            PooledConnectionIdleTimeout = IdleLimit,
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static bool IsFresh(int number) => number % 2 == 1;

    private static double Quantile(List<double> sorted, double part) =>
        sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))];

    private async Task<(string Outcome, TimeSpan Took)> CallAsync(int number)
    {
        // Each kind has its turn on both sorts of connections.
        var kind = _kinds[number / 2 % _kinds.Count];
        var payload = $"{{\"call\":{number.ToString(CultureInfo.InvariantCulture)},\"padding\":\"{Padding}\"}}";
        using var request = new HttpRequestMessage(HttpMethod.Post, kind == CallKind.Asynchronous ? new Uri(_uri, "?mode=async") : _uri)
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(payload)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (kind == CallKind.Keyed)
        {
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        }

        using var limit = new CancellationTokenSource(AnswerLimit);
        var sent = Stopwatch.GetTimestamp();
        try
        {
            using var response = await (IsFresh(number) ? _fresh : _kept).SendAsync(request, limit.Token);
            var body = await response.Content.ReadAsStringAsync(limit.Token);
            var took = Stopwatch.GetElapsedTime(sent);
            var expected = kind == CallKind.Asynchronous ? HttpStatusCode.Accepted : HttpStatusCode.OK;
            return (response.StatusCode != expected ? $"{(int)response.StatusCode}" : IsRight(kind, payload, body) ? Right : "wrong answer", took);
        }
        catch (OperationCanceledException)
        {
            return ("no answer", AnswerLimit);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            return ("connection refused or lost", Stopwatch.GetElapsedTime(sent));
        }
    }

    private static bool IsRight(CallKind kind, string payload, string body) =>
        body.Contains(kind == CallKind.Asynchronous ? "\"task_id\":" : $"\"result\":{payload},", StringComparison.Ordinal);
}

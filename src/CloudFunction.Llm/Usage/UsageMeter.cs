using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Llm.Usage;

/// <summary>Counts tokens: as metrics, in the project's log, and over days in its data directory.</summary>
internal sealed partial class UsageMeter(TokenLedger ledger, long? dailyBudget, ILogger logger)
{
    private static readonly Meter Meter = new("CloudFunction.Llm");
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("cloudfunction.llm.tokens", "{token}", "Tokens of answered requests.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "cloudfunction.llm.duration", "s", "How long answered requests took, retries and all.");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "cloudfunction.llm.failures", "{request}", "Requests that failed for good.");
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "cloudfunction.llm.retries", "{retry}", "Requests that were sent again.");

    /// <summary>Lets a request pass, or not.</summary>
    /// <exception cref="LlmBudgetExceededException">The day's tokens are used up.</exception>
    public async ValueTask CheckBudgetAsync(CancellationToken cancellationToken)
    {
        if (dailyBudget is not { } budget)
        {
            return;
        }

        var used = (await ledger.ReadAsync(null, cancellationToken).ConfigureAwait(false)).Sum(u => u.InputTokens + u.OutputTokens);
        if (used >= budget)
        {
            throw new LlmBudgetExceededException(budget, used);
        }
    }

    /// <summary>A request was answered whole.</summary>
    public async ValueTask CountAsync(string provider, string model, UsageDetails? usage, TimeSpan duration)
    {
        var (input, output) = (usage?.InputTokenCount ?? 0, usage?.OutputTokenCount ?? 0);
        var tags = new TagList { { "provider", provider }, { "model", model } };
        Duration.Record(duration.TotalSeconds, tags);
        Tokens.Add(input, [.. tags, new("direction", "input")]);
        Tokens.Add(output, [.. tags, new("direction", "output")]);
        if (usage is null)
        {
            LogUsageUnknown(logger, provider, model);
        }
        else
        {
            LogUsage(logger, provider, model, input, output, (long)duration.TotalMilliseconds);
        }

        try
        {
            await ledger.AddAsync(new LlmUsage(provider, model, 1, input, output)).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogLedgerFailed(logger, exception); // The answer has been paid for: it is not thrown away.
        }
    }

    /// <summary>A request failed for good.</summary>
    public void Failed(string provider, LlmRequestException exception)
    {
        Failures.Add(1, new TagList { { "provider", provider }, { "status", (int?)exception.StatusCode } });
        LogFailed(logger, provider, exception.Message);
    }

    /// <summary>A request is sent again.</summary>
    public void Retrying(string provider, int attempt, TimeSpan delay, HttpStatusCode? status, string reason)
    {
        Retries.Add(1, new TagList { { "provider", provider }, { "status", (int?)status } });
        LogRetrying(logger, provider, attempt, reason, (long)delay.TotalMilliseconds);
    }
}

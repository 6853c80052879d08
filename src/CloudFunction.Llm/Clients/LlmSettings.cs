using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CloudFunction.Llm.Clients;

/// <summary>The options and the environment put together.</summary>
/// <param name="DefaultProvider">Which provider is used where none is named.</param>
/// <param name="DailyTokenBudget">How many tokens a day has, or <see langword="null"/>.</param>
internal sealed record LlmSettings(string DefaultProvider, long? DailyTokenBudget)
{
    private const string BudgetVariable = "LLM_DAILY_TOKEN_BUDGET";

    /// <summary>Reads and checks all of it.</summary>
    /// <exception cref="LlmConfigurationException">Something makes no sense; the message has all of it.</exception>
    public static LlmSettings Read(LlmOptions options, IConfiguration configuration)
    {
        var problems = new List<string>();
        var budget = options.DailyTokenBudget;
        if (budget is null && configuration[BudgetVariable] is { } text && !string.IsNullOrWhiteSpace(text))
        {
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0)
            {
                budget = value;
            }
            else
            {
                problems.Add($"{BudgetVariable} is '{text}': set a whole number of tokens, 1 or more, or leave it out for no limit");
            }
        }

        Check(options.DailyTokenBudget is null or > 0, "DailyTokenBudget", options.DailyTokenBudget, "1 or more, or null");
        Check(options.Temperature is null or (>= 0 and <= 2), "Temperature", options.Temperature, "0 to 2, or null");
        Check(options.MaxOutputTokens is null or > 0, "MaxOutputTokens", options.MaxOutputTokens, "1 or more, or null");
        Check(options.MaxConcurrent > 0, "MaxConcurrent", options.MaxConcurrent, "1 or more");
        Check(options.MaxRetries >= 0, "MaxRetries", options.MaxRetries, "0 or more");
        Check(options.RetryDelay >= TimeSpan.Zero && options.RetryDelay <= TimeSpan.FromDays(1), "RetryDelay", options.RetryDelay, "0 to one day");
        Check(
            options.MaxRetryDelay >= TimeSpan.Zero && options.MaxRetryDelay <= TimeSpan.FromDays(1), "MaxRetryDelay", options.MaxRetryDelay,
            "0 to one day");
        Check(
            options.AttemptTimeout >= TimeSpan.FromMilliseconds(10) && options.AttemptTimeout <= TimeSpan.FromDays(1), "AttemptTimeout",
            options.AttemptTimeout, "10 ms to one day");
        if (problems.Count > 0)
        {
            throw new LlmConfigurationException($"Language models cannot be used: {string.Join("; ", problems)}.");
        }

        var name = options.DefaultProvider ?? configuration["DEFAULT_LLM_PROVIDER"];
        return new LlmSettings(string.IsNullOrWhiteSpace(name) ? "doubao" : name.Trim().ToLowerInvariant(), budget);

        void Check(bool isRight, string option, object? value, string allowed)
        {
            if (!isRight)
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"LlmOptions.{option} is {value}: set {allowed}"));
            }
        }
    }
}

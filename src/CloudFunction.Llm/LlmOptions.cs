namespace CloudFunction.Llm;

/// <summary>How a project uses language models. A call's own <c>ChatOptions</c> win over it.</summary>
public sealed class LlmOptions
{
    /// <summary>The provider of <c>IChatClient</c> where none is named. Default <see langword="null"/>: DEFAULT_LLM_PROVIDER, else
    /// <c>doubao</c>.</summary>
    public string? DefaultProvider { get; set; }

    /// <summary>How freely models choose their words, 0 to 2. Default: 0.7. Null leaves it to the provider; some models
    /// take no temperature.</summary>
    public float? Temperature { get; set; } = 0.7f;

    /// <summary>How many tokens an answer may have. Default: 1,000. Null leaves it to the provider.</summary>
    public int? MaxOutputTokens { get; set; } = 1000;

    /// <summary>How many requests to one provider are under way at once, in each worker; others wait. A stream counts until its end.
    /// Default: 8; at least 1.</summary>
    public int MaxConcurrent { get; set; } = 8;

    /// <summary>How often a request is tried again after 429, 408, a status of 500 or more, no connection, or an error of this kind in the place
    /// of an answer. Default: 3; 0 for never. What has begun to be answered is not tried again.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>How long to wait before the first retry, where the provider sends no Retry-After; each one after it waits twice as
    /// long, all with some jitter. Default: 1 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait before a retry. A provider that asks for more is not asked again. Default: 30 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one try may take until its answer begins, and how long an answer that has begun may be silent; comments and pings do not
    /// count. What ends by it is not tried again. Default: 5 min. The invocation's own time limit holds as well.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many tokens the project may use a day (UTC), input and output of all providers and workers together. Default
    /// <see langword="null"/>: LLM_DAILY_TOKEN_BUDGET, else no limit. Beyond it calls fail with
    /// <see cref="LlmBudgetExceededException"/>.</summary>
    public long? DailyTokenBudget { get; set; }
}

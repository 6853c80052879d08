namespace CloudFunction.Llm;

/// <summary>The project has used up its tokens of the day. Nothing was sent.</summary>
public sealed class LlmBudgetExceededException : LlmException
{
    internal LlmBudgetExceededException(long budget, long used)
        : base(FormattableString.Invariant(
            $"The project has used {used} of its {budget} tokens of this day (UTC): raise LLM_DAILY_TOKEN_BUDGET, or wait for the next day."))
    {
        Budget = budget;
        Used = used;
    }

    /// <summary>How many tokens a day has, input and output together.</summary>
    public long Budget { get; }

    /// <summary>How many were used. It may be more than the budget: calls that run at once are counted when they end.</summary>
    public long Used { get; }
}

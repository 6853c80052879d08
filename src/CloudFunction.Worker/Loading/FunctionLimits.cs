namespace CloudFunction.Worker.Loading;

/// <summary>Checks and reads the limits that a function's attribute sets.</summary>
internal static class FunctionLimits
{
    // What a timer of .NET can wait: int.MaxValue milliseconds, 24 days.
    private const double MaxTimeoutSeconds = int.MaxValue / 1000;

    /// <summary>Adds one problem for each value that makes no sense.</summary>
    public static void Check(string place, FunctionAttribute attribute, List<string> problems)
    {
        if (!(attribute.TimeoutSeconds is >= 0 and <= MaxTimeoutSeconds))
        {
            problems.Add(
                FormattableString.Invariant($"{place} sets TimeoutSeconds = {attribute.TimeoutSeconds}: ")
                + FormattableString.Invariant($"set more than 0 and at most {MaxTimeoutSeconds}, or 0 for the host's FUNCTION_TIMEOUT."));
        }

        if (attribute.MaxConcurrent < 0)
        {
            problems.Add(FormattableString.Invariant(
                $"{place} sets MaxConcurrent = {attribute.MaxConcurrent}: set 1 or more, or 0 for the project's MAX_CONCURRENT."));
        }

        if (attribute.MaxAttempts < 0)
        {
            problems.Add(FormattableString.Invariant(
                $"{place} sets MaxAttempts = {attribute.MaxAttempts}: set 1 or more, or 0 for the host's TASK_MAX_ATTEMPTS."));
        }
    }

    /// <summary>The timeout of an attribute that has passed <see cref="Check"/>.</summary>
    public static TimeSpan? TimeoutOf(FunctionAttribute attribute) =>
        attribute.TimeoutSeconds > 0 ? TimeSpan.FromSeconds(attribute.TimeoutSeconds) : null;
}

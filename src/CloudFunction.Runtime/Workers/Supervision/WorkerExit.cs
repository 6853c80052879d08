namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>How a worker has ended.</summary>
/// <param name="Code">Its exit code; null where it could not be run.</param>
/// <param name="Error">Why it could not be run; null where it could.</param>
internal readonly record struct WorkerExit(int? Code, string? Error)
{
    public static WorkerExit With(int code) => new(code, null);

    public static WorkerExit NotRun(string error) => new(null, error);

    /// <summary>Describes it, for people.</summary>
    /// <param name="tail">What it last wrote to standard error; null for nothing.</param>
    public string Describe(string? tail)
    {
        if (Error is not null)
        {
            return $"It could not be run: {Error}";
        }

        // .NET reports a death by signal N as 128 + N.
        var how = Code is > 128 and < 160 ? $"It was ended by signal {Code - 128}." : $"It exited with code {Code}.";
        return string.IsNullOrWhiteSpace(tail) ? how : $"{how} Its last output on standard error:\n{tail.TrimEnd()}";
    }
}

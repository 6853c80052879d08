namespace CloudFunction.Runtime.Configuration;

/// <summary>A <c>.env</c> file is wrong. The message has one line for each error.</summary>
internal sealed class DotEnvException(IReadOnlyList<string> errors) : CloudFunctionException(string.Join(Environment.NewLine, errors))
{
    /// <summary>Every error as <c>file:line: reason</c>, at least one; never a value.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}

namespace CloudFunction.Runtime.Configuration;

/// <summary>Settings are wrong, so the host does not start. The message has one line for each error.</summary>
public sealed class SettingsException : CloudFunctionException
{
    internal SettingsException(IReadOnlyList<string> errors)
        : base(string.Join(Environment.NewLine, errors))
    {
        Errors = errors;
    }

    /// <summary>Every error, at least one: the variable as it was written, its value unless that is a secret, and what is allowed.</summary>
    public IReadOnlyList<string> Errors { get; }
}

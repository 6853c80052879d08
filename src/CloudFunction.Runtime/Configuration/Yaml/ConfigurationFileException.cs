namespace CloudFunction.Runtime.Configuration.Yaml;

/// <summary>A configuration file is wrong. The message has one line for each error.</summary>
internal sealed class ConfigurationFileException(IReadOnlyList<string> errors) : CloudFunctionException(string.Join(Environment.NewLine, errors))
{
    /// <summary>Every error as <c>file:line:column: what; what is allowed</c>, at least one, in the file's order.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}

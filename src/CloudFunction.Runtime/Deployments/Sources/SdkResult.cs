namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>How a tool of the SDK ended.</summary>
/// <param name="ExitCode">0 is success.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Errors">And to its standard error.</param>
internal sealed record SdkResult(int ExitCode, string Output, string Errors);

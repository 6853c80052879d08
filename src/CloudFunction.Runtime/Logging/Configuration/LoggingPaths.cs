namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>What relative file names of a logging file are relative to; both absolute.</summary>
/// <param name="ContentRoot">Where all relative names begin, but those below <c>logs/</c>.</param>
/// <param name="LogDirectory">What <c>logs/</c> at the beginning of a name stands for.</param>
internal sealed record LoggingPaths(string ContentRoot, string LogDirectory);

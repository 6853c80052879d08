namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>Which records go where: the content of a logging file, checked and with all names resolved.</summary>
/// <param name="Handlers">What can be written to, by name; those that no logger uses too.</param>
/// <param name="Root">The rule that all records end at. It always has a level.</param>
/// <param name="Loggers">The other rules by dotted name, in any case; never <c>root</c>.</param>
internal sealed record LoggingConfiguration(
    IReadOnlyDictionary<string, HandlerConfiguration> Handlers, LoggerRule Root, IReadOnlyDictionary<string, LoggerRule> Loggers);

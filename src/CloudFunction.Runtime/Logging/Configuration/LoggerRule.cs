using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>What a logger lets through, and to which handlers.</summary>
/// <param name="Name">Its dotted name as it was written, or <c>root</c>.</param>
/// <param name="Level">The lowest level that it lets through; null: that of its nearest ancestor that has one.</param>
/// <param name="Handlers">Names of handlers that exist, each once.</param>
/// <param name="Propagate">Whether its ancestors' handlers get the record too.</param>
internal sealed record LoggerRule(string Name, LogEventLevel? Level, IReadOnlyList<string> Handlers, bool Propagate);

using Microsoft.Extensions.Logging;

namespace CloudFunction.Testing;

/// <summary>A record that a project has logged.</summary>
/// <param name="Timestamp">When, in UTC and real time.</param>
/// <param name="Level">How grave.</param>
/// <param name="Category">The logger's name; <c>cloudfunction.projects.&lt;project&gt;</c> for <see cref="FunctionContext.Logger"/>.</param>
/// <param name="Message">The formatted text.</param>
/// <param name="Exception">Type, message and stack of the exception that came with it; null for none.</param>
/// <param name="Function">Whose invocation logged it; null outside of any.</param>
/// <param name="Properties">The message's named values, and those of scopes.</param>
public sealed record FunctionLogRecord(
    DateTimeOffset Timestamp,
    LogLevel Level,
    string Category,
    string Message,
    string? Exception,
    string? Function,
    IReadOnlyDictionary<string, object?> Properties);

using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>The host's console.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Formatter">How a record is written; thread safe.</param>
/// <param name="Level">The lowest level that is written, whatever the logger lets through.</param>
/// <param name="IsError">Standard error, else standard output.</param>
internal sealed record StreamHandlerConfiguration(string Name, ITextFormatter Formatter, LogEventLevel Level, bool IsError)
    : HandlerConfiguration(Name, Formatter, Level);

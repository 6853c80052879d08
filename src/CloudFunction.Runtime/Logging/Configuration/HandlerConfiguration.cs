using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>Something that records are written to.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Formatter">How a record is written; thread safe.</param>
/// <param name="Level">The lowest level that is written, whatever the logger lets through.</param>
internal abstract record HandlerConfiguration(string Name, ITextFormatter Formatter, LogEventLevel Level);

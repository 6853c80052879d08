using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>A file that may rotate, or one for each project. No two handlers have the same one.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Formatter">How a record is written; thread safe.</param>
/// <param name="Level">The lowest level that is written, whatever the logger lets through.</param>
/// <param name="Path">Where it is, absolute; with <c>{project_name}</c> in it where there is one for each project.</param>
/// <param name="IsPerProject">Whether the path has <c>{project_name}</c> in it.</param>
/// <param name="MaxBytes">The size that it does not grow beyond, but is rotated; 0: it never rotates.</param>
/// <param name="BackupCount">How many rotated files are kept; above 0 where it rotates.</param>
internal sealed record FileHandlerConfiguration(
    string Name, ITextFormatter Formatter, LogEventLevel Level, string Path, bool IsPerProject, long MaxBytes, int BackupCount)
    : HandlerConfiguration(Name, Formatter, Level);

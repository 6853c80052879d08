namespace CloudFunction.Runtime.Tests.OldFiles;

/// <summary>What one of the parsers here makes of something in a file of the old system.</summary>
/// <param name="Value">What it comes to; null where it is refused.</param>
/// <param name="Message">The warning or the error; null where there is none.</param>
internal sealed record OldFileReading(string? Value, string? Message);

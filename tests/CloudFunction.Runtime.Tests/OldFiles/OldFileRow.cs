namespace CloudFunction.Runtime.Tests.OldFiles;

/// <summary>Something that a file of the old system may have in it.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="There">What the old system makes of it; null where it refuses it.</param>
/// <param name="IsQuiet">Whether it is another thing here without a warning, for a reason that the documentation gives.</param>
internal sealed record OldFileRow(string Text, string? There, bool IsQuiet = false);

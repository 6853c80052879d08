namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>One part of a compiled format.</summary>
/// <param name="Field">What it stands for.</param>
/// <param name="Layout">How that is laid out.</param>
/// <param name="Literal">The text of a literal; else empty.</param>
internal readonly record struct FormatPart(FormatField Field, FieldLayout Layout, string Literal = "");

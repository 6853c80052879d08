namespace SideBySide;

/// <summary>Something that was to be measured did not start, answer or stay whole; the run ends with this message.</summary>
internal sealed class MeasurementException(string message, Exception? inner = null) : Exception(message, inner);

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>A change of a zone's offset.</summary>
/// <param name="At">The first moment with the new one, in UTC.</param>
/// <param name="Before">The offset until then.</param>
/// <param name="After">The offset from then on.</param>
internal sealed record ZoneChange(DateTime At, TimeSpan Before, TimeSpan After);

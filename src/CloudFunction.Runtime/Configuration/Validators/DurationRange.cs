namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Durations up to what a timer can hold.</summary>
/// <param name="isZeroAllowed">Whether zero, which then means never, is allowed.</param>
internal sealed class DurationRange(bool isZeroAllowed) : ISettingValidator<TimeSpan>
{
    // Timers count milliseconds in 32 bits, some of them signed: 24.8 days.
    private static readonly TimeSpan Maximum = TimeSpan.FromDays(24);

    /// <inheritdoc/>
    public string Allowed => $"{(isZeroAllowed ? "0 for never, or " : "")}a duration above 0 and up to 24d: a number of seconds, or one with ms, s, m, h or d";

    /// <inheritdoc/>
    public bool IsValid(TimeSpan value) => value <= Maximum && (isZeroAllowed ? value >= TimeSpan.Zero : value > TimeSpan.Zero);
}

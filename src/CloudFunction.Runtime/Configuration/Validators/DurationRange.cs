namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Durations up to what a timer can hold.</summary>
/// <param name="isZeroAllowed">Whether zero, which then means never, is allowed.</param>
internal sealed class DurationRange(bool isZeroAllowed) : ISettingValidator<TimeSpan>
{
    // Timers count milliseconds in 32 bits, some of them signed: 24.8 days.
    private static readonly TimeSpan Maximum = TimeSpan.FromDays(24);

    // They hold whole milliseconds: what is shorter would be no time at all, which a periodic one refuses.
    private static readonly TimeSpan Minimum = TimeSpan.FromMilliseconds(1);

    /// <inheritdoc/>
    public string Allowed => $"{(isZeroAllowed ? "0 for never, or " : "")}a duration from 1ms to 24d: a number of seconds, or one with ms, s, m, h or d";

    /// <inheritdoc/>
    public bool IsValid(TimeSpan value) => value <= Maximum && (value >= Minimum || (isZeroAllowed && value == TimeSpan.Zero));
}

namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Durations up to a bound.</summary>
/// <param name="isZeroAllowed">Whether zero, which then means never, is allowed.</param>
/// <param name="maximumDays">The longest; by default what a timer can hold.</param>
internal sealed class DurationRange(bool isZeroAllowed, int maximumDays = DurationRange.DaysOfTimer) : ISettingValidator<TimeSpan>
{
    // Timers count milliseconds in 32 bits, some of them signed: 24.8 days.
    private const int DaysOfTimer = 24;

    // They hold whole milliseconds: what is shorter would be no time at all, which a periodic one refuses.
    private static readonly TimeSpan Minimum = TimeSpan.FromMilliseconds(1);

    private readonly TimeSpan _maximum = TimeSpan.FromDays(maximumDays);

    /// <inheritdoc/>
    public string Allowed =>
        $"{(isZeroAllowed ? "0 for never, or " : "")}a duration from 1ms to {maximumDays}d: a number of seconds, or one with ms, s, m, h or d";

    /// <inheritdoc/>
    public bool IsValid(TimeSpan value) => value <= _maximum && (value >= Minimum || (isZeroAllowed && value == TimeSpan.Zero));
}

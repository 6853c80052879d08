namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Names of time zones that this machine knows.</summary>
internal sealed class TimeZoneName : ISettingValidator<string>
{
    /// <inheritdoc/>
    public string Allowed => "the name of a time zone that this machine knows, such as Asia/Shanghai or UTC";

    /// <inheritdoc/>
    /// <remarks>The default always is: a machine without data of time zones must still start where no schedule needs them.</remarks>
    public bool IsValid(string value) =>
        value is CloudFunctionOptions.DefaultSchedulerTimeZone || (value is not null && TimeZoneInfo.TryFindSystemTimeZoneById(value, out _));
}

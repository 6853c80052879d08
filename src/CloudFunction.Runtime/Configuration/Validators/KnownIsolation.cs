namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>The isolations that there are.</summary>
internal sealed class KnownIsolation : ISettingValidator<WorkerIsolation>
{
    /// <inheritdoc/>
    public string Allowed => "process or none";

    /// <inheritdoc/>
    public bool IsValid(WorkerIsolation value) => Enum.IsDefined(value);
}

namespace CloudFunction.Runtime.Configuration;

/// <summary>Which values a setting may have.</summary>
internal interface ISettingValidator<in T>
{
    /// <summary>What is allowed, to follow "allowed is".</summary>
    string Allowed { get; }

    /// <summary>Whether a value is allowed.</summary>
    bool IsValid(T value);
}

namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Keys of callbacks' signatures; null for none. One that cannot be read would leave callbacks unsigned, and nobody would know.</summary>
internal sealed class CallbackKey : ISettingValidator<string?>
{
    private readonly HeaderSafeSecret _text = new();

    /// <inheritdoc/>
    public string Allowed => $"{_text.Allowed}; what begins with whsec_ goes on in Base64";

    /// <inheritdoc/>
    public bool IsValid(string? value) => value is null || (_text.IsValid(value) && SigningKey.Read(value) is not null);
}

namespace CloudFunction.Llm.Wire;

/// <summary>Takes a provider's key out of texts.</summary>
internal sealed class KeyMask(string? key)
{
    // A shorter one is a placeholder, which may be a part of any word.
    private const int MinLength = 6;

    public string Hide(string text) => key is { Length: >= MinLength } ? text.Replace(key, "***", StringComparison.Ordinal) : text;
}

namespace CloudFunction.Llm.Providers;

/// <summary>How many tokens known models take in and give out together, by their makers' lists.</summary>
internal static class ContextWindows
{
    private const int Unknown = 32_768;

    /// <summary>Of one model.</summary>
    public static int Of(string? model) => model?.ToLowerInvariant() switch
    {
        "deepseek-r1-250120" => 65_536,
        "deepseek-r1-distill-qwen-32b-250120" => 32_768,
        "deepseek-v3-250324" => 131_072,
        "doubao-1-5-pro-256k-250115" => 262_144,
        "doubao-1-5-pro-32k-250115" or "doubao-1-5-lite-32k-250115" => 32_768,
        "minimax-text-01" => 1_000_192,
        { } name when name == "abab6.5s" || name.StartsWith("abab6.5s-", StringComparison.Ordinal) => 245_760,
        _ => Unknown,
    };
}

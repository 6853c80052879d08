using Microsoft.Extensions.Configuration;

namespace CloudFunction.Llm.Providers;

/// <summary>Reads the providers from a project's environment.</summary>
internal static class LlmProviders
{
    private const string Prefix = "LLM_";
    private const string BaseUrlSuffix = "_BASE_URL";
    private const string ArkUrl = "https://ark.cn-beijing.volces.com/api/v3";

    /// <summary>All of them by name: the built-in ones, and those that <c>LLM_&lt;NAME&gt;_BASE_URL</c> defines.</summary>
    public static IReadOnlyDictionary<string, LlmProvider> Read(IConfiguration configuration)
    {
        var providers = new Dictionary<string, LlmProvider>(StringComparer.OrdinalIgnoreCase);
        Add(Make("doubao", ArkUrl, "doubao-1-5-pro-256k-250115", ["DOUBAO_API_KEY", "ARK_API_KEY"]));
        Add(Make("deepseek", ArkUrl, "deepseek-r1-250120", ["ARK_API_KEY"]));
        Add(Make("minimax", "https://api.minimax.chat/v1", "minimax-text-01", ["MINIMAX_API_KEY"], groupId: Value("MINIMAX_GROUP_ID")));
        Add(Make("openai", Value("OPENAI_BASE_URL"), "gpt-4o-mini", ["OPENAI_API_KEY"], isOpenAi: true));
        foreach (var variable in configuration.GetChildren().Select(c => c.Key))
        {
            if (NameIn(variable) is { } name && Value(variable) is not null && !providers.ContainsKey(name))
            {
                Add(Make(name, null, null, []));
            }
        }

        return providers;

        void Add(LlmProvider provider) => providers.Add(provider.Name, provider);

        string? Value(string variable) => configuration[variable] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

        LlmProvider Make(string name, string? url, string? model, string[] keys, string? groupId = null, bool isOpenAi = false)
        {
            var prefix = $"{Prefix}{name.ToUpperInvariant()}_";
            keys = [.. keys, prefix + "API_KEY"];
            var ownUrl = Value(prefix + "BASE_URL");
            return new LlmProvider
            {
                Name = name,
                BaseUrl = ownUrl ?? url,
                BaseUrlVariable = isOpenAi && ownUrl is null ? "OPENAI_BASE_URL" : prefix + "BASE_URL",
                ApiKey = FirstOf(keys),
                ApiKeyVariables = keys,
                Model = Value(prefix + "MODEL") ?? model,
                ModelVariable = prefix + "MODEL",
                GroupId = groupId,
                TakesMaxCompletionTokens = isOpenAi,
                TakesThoughts = !isOpenAi || (ownUrl ?? url) is { } used && !used.Contains("//api.openai.com", StringComparison.OrdinalIgnoreCase),
            };
        }

        // The provider's own variable wins over a well-known one.
        string? FirstOf(string[] variables) => Value(variables[^1]) ?? variables.Select(Value).FirstOrDefault(v => v is not null);
    }

    // LLM_<NAME>_BASE_URL, in any case; null where a variable is none of these.
    private static string? NameIn(string variable)
    {
        if (variable.Length <= Prefix.Length + BaseUrlSuffix.Length
            || !variable.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            || !variable.EndsWith(BaseUrlSuffix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var name = variable[Prefix.Length..^BaseUrlSuffix.Length];
        return char.IsAsciiLetterOrDigit(name[0]) && name.All(static character => char.IsAsciiLetterOrDigit(character) || character == '_')
            ? name.ToLowerInvariant()
            : null;
    }
}

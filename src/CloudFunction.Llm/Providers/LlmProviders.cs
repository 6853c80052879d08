using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace CloudFunction.Llm.Providers;

/// <summary>Reads the providers from a project's environment.</summary>
internal static partial class LlmProviders
{
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
            if (BaseUrlVariable().Match(variable) is { Success: true } match && Value(variable) is not null)
            {
                var name = match.Groups["name"].Value.ToLowerInvariant();
                if (!providers.ContainsKey(name))
                {
                    Add(Make(name, null, null, []));
                }
            }
        }

        return providers;

        void Add(LlmProvider provider) => providers.Add(provider.Name, provider);

        string? Value(string variable) => configuration[variable] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

        LlmProvider Make(string name, string? url, string? model, string[] keys, string? groupId = null, bool isOpenAi = false)
        {
            var prefix = $"LLM_{name.ToUpperInvariant()}_";
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
            };
        }

        // The provider's own variable wins over a well-known one.
        string? FirstOf(string[] variables) => Value(variables[^1]) ?? variables.Select(Value).FirstOrDefault(v => v is not null);
    }

    [GeneratedRegex("^LLM_(?<name>[A-Z0-9][A-Z0-9_]*)_BASE_URL$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BaseUrlVariable();
}

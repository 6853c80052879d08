using CloudFunction.Llm.Providers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Llm.Tests;

/// <summary>Which providers an environment has.</summary>
public sealed class ProvidersTests
{
    [Theory]
    [InlineData("doubao", "https://ark.cn-beijing.volces.com/api/v3", "doubao-1-5-pro-256k-250115")]
    [InlineData("deepseek", "https://ark.cn-beijing.volces.com/api/v3", "deepseek-r1-250120")]
    [InlineData("minimax", "https://api.minimax.chat/v1", "minimax-text-01")]
    [InlineData("openai", null, "gpt-4o-mini")]
    public void Read_OfAnEmptyEnvironment_HasTheBuiltInOnes(string name, string? url, string model)
    {
        var provider = LlmProviders.Read(new ConfigurationBuilder().Build())[name];

        Assert.Equal((url, model, null), (provider.BaseUrl, provider.Model, provider.ApiKey));
    }

    [Fact]
    public async Task Names_WithOnesOfTheEnvironment_HasThem()
    {
        await using var project = LlmProject.With(
            new() { ["LLM_MY_OWN_BASE_URL"] = "http://localhost", ["LLM_EMPTY_BASE_URL"] = " ", ["LLM_DOUBAO_BASE_URL"] = "http://localhost" });

        Assert.Equal(["deepseek", "doubao", "minimax", "my_own", "openai"], project.Clients.Names);
        Assert.Equal("doubao", project.Clients.DefaultName);
    }

    [Theory]
    [InlineData("deepseek-r1-250120", 65_536)]
    [InlineData("deepseek-r1-distill-qwen-32b-250120", 32_768)]
    [InlineData("deepseek-v3-250324", 131_072)]
    [InlineData("doubao-1-5-pro-256k-250115", 262_144)]
    [InlineData("doubao-1-5-pro-32k-250115", 32_768)]
    [InlineData("doubao-1-5-lite-32k-250115", 32_768)]
    [InlineData("MiniMax-Text-01", 1_000_192)]
    [InlineData("abab6.5s", 245_760)]
    [InlineData("abab6.5s-chat", 245_760)]
    [InlineData("unheard-of", 32_768)]
    public async Task ContextWindow_OfAModel_IsKnown(string model, int tokens)
    {
        await using var project = LlmProject.With([]);

        Assert.Equal(tokens, project.Clients.ContextWindowOf(model: model));
    }

    [Fact]
    public async Task ContextWindow_OfAProvider_IsItsModels()
    {
        await using var project = LlmProject.With([]);

        Assert.Equal((262_144, 65_536), (project.Clients.ContextWindowOf(), project.Clients.ContextWindowOf("DeepSeek")));
    }

    [Theory]
    [InlineData("doubao", "DOUBAO_API_KEY or ARK_API_KEY or LLM_DOUBAO_API_KEY")]
    [InlineData("deepseek", "ARK_API_KEY or LLM_DEEPSEEK_API_KEY")]
    [InlineData("minimax", "MINIMAX_API_KEY or LLM_MINIMAX_API_KEY")]
    [InlineData("openai", "OPENAI_API_KEY or LLM_OPENAI_API_KEY")]
    public async Task Request_WithoutAKey_NamesTheVariablesAtTheFirstUse(string provider, string variables)
    {
        await using var project = LlmProject.With([]);
        var client = project.Services.GetRequiredKeyedService<IChatClient>(provider); // Not here yet.

        var error = await Assert.ThrowsAsync<LlmConfigurationException>(() => client.GetResponseAsync("Hello"));

        Assert.Contains($"'{provider}' cannot be used: it has no key: set {variables}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithMuchWrong_NamesAllOfItButNoKey()
    {
        await using var project = LlmProject.With(new() { ["LLM_MINE_BASE_URL"] = "ftp://x", ["LLM_MINE_API_KEY"] = "hush" });

        var error = await Assert.ThrowsAsync<LlmConfigurationException>(() => project.Clients.Get("mine").GetResponseAsync("Hello"));

        Assert.Contains(
            "it has no model: set LLM_MINE_MODEL; LLM_MINE_BASE_URL is 'ftp://x': set an absolute http or https URL",
            error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OfAnUnknownProvider_SaysWhichThereAre()
    {
        await using var project = LlmProject.With(new() { ["DEFAULT_LLM_PROVIDER"] = "doubt" });

        Assert.Contains(
            "'doubt', which DEFAULT_LLM_PROVIDER names: use one of deepseek, doubao, minimax, openai",
            Assert.Throws<LlmConfigurationException>(() => project.Client).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "define it with LLM_NONE_BASE_URL",
            Assert.Throws<LlmConfigurationException>(() => project.Clients.Get("none")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContextWindowOf_AModelInPlaceOfItsProvider_NamesTheProviderAndVariablesThatCanBeSet()
    {
        await using var project = LlmProject.With([]);

        var error = Assert.Throws<LlmConfigurationException>(() => project.Clients.ContextWindowOf("gpt-4o-mini"));

        Assert.Contains("'gpt-4o-mini', which is a model of 'openai': use one of deepseek", error.Message, StringComparison.Ordinal);
        Assert.Contains("define it with LLM_GPT_4O_MINI_BASE_URL", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_WithMuchWrong_AreToldAllAtOnce()
    {
        await using var project = LlmProject.With(
            new() { ["LLM_DAILY_TOKEN_BUDGET"] = "lots" }, options => (options.Temperature, options.MaxConcurrent) = (3, 0));

        var message = Assert.Throws<LlmConfigurationException>(() => project.Client).Message;

        Assert.Contains("LLM_DAILY_TOKEN_BUDGET is 'lots': set a whole number of tokens", message, StringComparison.Ordinal);
        Assert.Contains("LlmOptions.Temperature is 3: set 0 to 2", message, StringComparison.Ordinal);
        Assert.Contains("LlmOptions.MaxConcurrent is 0: set 1 or more", message, StringComparison.Ordinal);
    }
}

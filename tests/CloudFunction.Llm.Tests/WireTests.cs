using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Llm.Tests;

/// <summary>What each provider is sent, word for word.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData("doubao")]
    [InlineData("deepseek")]
    [InlineData("minimax")]
    [InlineData("openai")]
    [InlineData("custom")]
    public async Task Request_OfEachProvider_IsWhatItExpects(string provider)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenText("Hello.").ThenStream("Hel", "lo.");
        await using var project = LlmProject.With(Environment(server, provider));
        var client = project.Services.GetRequiredKeyedService<IChatClient>(provider);

        Assert.Equal("Hello.", (await client.GetResponseAsync([new(ChatRole.System, "Be brief."), new(ChatRole.User, "说“你好”")])).Text);
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 50, ModelId = "another-model" };
        Assert.Equal("Hello.", string.Concat(await client.GetStreamingResponseAsync("Say hello", options).Select(u => u.Text).ToListAsync()));
        Snapshots.Match(string.Join("\n\n", server.Requests), $"wire-{provider}");
    }

    [Theory]
    [InlineData("DOUBAO_API_KEY", "doubao", "Bearer DOUBAO_API_KEY")]
    [InlineData("ARK_API_KEY", "doubao", "Bearer ARK_API_KEY")]
    [InlineData("ARK_API_KEY", "deepseek", "Bearer ARK_API_KEY")]
    [InlineData("LLM_DEEPSEEK_API_KEY", "deepseek", "Bearer LLM_DEEPSEEK_API_KEY")]
    public async Task Key_OfEachVariable_IsSent(string variable, string provider, string expected)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenText("Hello.");
        var prefix = $"LLM_{provider.ToUpperInvariant()}_";
        await using var project = LlmProject.With(
            new() { [variable] = variable, [prefix + "BASE_URL"] = server.Url, ["DEFAULT_LLM_PROVIDER"] = provider });

        await project.Client.GetResponseAsync("Say hello");

        Assert.Equal(expected, Assert.Single(server.Requests).Authorization);
    }

    private static Dictionary<string, string?> Environment(OpenAiServer server, string provider) => new()
    {
        [$"LLM_{provider.ToUpperInvariant()}_BASE_URL"] = server.Url + "/api/v3",
        ["ARK_API_KEY"] = "ark-key",
        ["MINIMAX_API_KEY"] = "minimax-key",
        ["MINIMAX_GROUP_ID"] = "1234 5",
        ["OPENAI_API_KEY"] = "openai-key",
        ["LLM_CUSTOM_API_KEY"] = "custom-key",
        ["LLM_CUSTOM_MODEL"] = "custom-model",
    };
}

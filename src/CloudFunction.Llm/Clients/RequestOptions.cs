using CloudFunction.Llm.Providers;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace CloudFunction.Llm.Clients;

/// <summary>Fills a call's options with the project's.</summary>
internal static class RequestOptions
{
    /// <summary>A copy of the call's options with the defaults in the places that it leaves open.</summary>
    public static ChatOptions Of(ChatOptions? call, LlmProvider provider, LlmOptions options)
    {
        var request = call?.Clone() ?? new ChatOptions();
        request.Temperature ??= options.Temperature;
        request.MaxOutputTokens ??= options.MaxOutputTokens;
        if (request.MaxOutputTokens is { } limit && !provider.TakesMaxCompletionTokens)
        {
            // The SDK knows OpenAI's newer name only, which the others ignore.
            request.MaxOutputTokens = null;
            var own = request.RawRepresentationFactory;
            request.RawRepresentationFactory = client =>
            {
                var raw = own?.Invoke(client) as ChatCompletionOptions ?? new ChatCompletionOptions();
#pragma warning disable SCME0001 // Experimental: the one way to name a member that the SDK has no property for.
                raw.Patch.Set("$.max_tokens"u8, limit);
#pragma warning restore SCME0001
                return raw;
            };
        }

        return request;
    }
}

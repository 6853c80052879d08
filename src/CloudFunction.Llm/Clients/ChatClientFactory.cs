using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using CloudFunction.Llm.Providers;
using CloudFunction.Llm.Wire;
using Microsoft.Extensions.AI;
using OpenAI;

namespace CloudFunction.Llm.Clients;

/// <summary>Makes clients of the OpenAI SDK for providers.</summary>
internal sealed class ChatClientFactory(
    LlmOptions options, TimeProvider time, Action<LlmProvider, int, TimeSpan, HttpStatusCode?, string> onRetry)
{
    /// <summary>A client of the model.</summary>
    /// <exception cref="LlmConfigurationException">The environment has no key, no model or no usable URL for it.</exception>
    public IChatClient Make(LlmProvider provider)
    {
        var problems = new List<string>();
        if (provider.ApiKey is null)
        {
            problems.Add($"it has no key: set {string.Join(" or ", provider.ApiKeyVariables)}");
        }

        if (provider.Model is null)
        {
            problems.Add($"it has no model: set {provider.ModelVariable}");
        }

        Uri? url = null;
        if (provider.BaseUrl is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme is "http" or "https"))
        {
            problems.Add($"{provider.BaseUrlVariable} is '{text}': set an absolute http or https URL, such as https://api.example.com/v1");
        }

        if (problems.Count > 0)
        {
            throw new LlmConfigurationException($"The language model provider '{provider.Name}' cannot be used: {string.Join("; ", problems)}. "
                + "Variables belong into the project's .env.");
        }

        var clientOptions = new OpenAIClientOptions
        {
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0), // The handler's are the only ones.
            NetworkTimeout = Timeout.InfiniteTimeSpan, // The handler bounds each try, the invocation's token all of it.
            Transport = new WireTransport(new HttpClient(MakeHandler(provider)) { Timeout = Timeout.InfiniteTimeSpan }),
        };
        if (url is not null)
        {
            clientOptions.Endpoint = url;
        }

        return new OpenAI.Chat.ChatClient(provider.Model!, new ApiKeyCredential(provider.ApiKey!), clientOptions).AsIChatClient();
    }

    // From the SDK's end to the wire.
    private RetryHandler MakeHandler(LlmProvider provider)
    {
        var sockets = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(15), // So that a change of the provider's addresses is noticed.
            AutomaticDecompression = DecompressionMethods.All,
            AllowAutoRedirect = false, // It would send the request again without its key, or without its body.
        };
        var key = new KeyMask(provider.ApiKey);
        return new RetryHandler(
            options, provider.GroupId, time, (attempt, delay, status, reason) => onRetry(provider, attempt, delay, status, key.Hide(reason)),
            new WireHandler(options.AttemptTimeout, time, sockets));
    }
}

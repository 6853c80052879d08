using System.ClientModel;
using System.Net;
using System.Text.Json;
using CloudFunction.Llm.Providers;
using Polly.Timeout;

namespace CloudFunction.Llm.Clients;

/// <summary>Translates what the SDK throws to exceptions of this package.</summary>
internal static class ChatFaults
{
    /// <summary>The exception to throw in its place, or <see langword="null"/> where it stays.</summary>
    public static LlmRequestException? Translate(Exception exception, LlmProvider provider, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return null; // Whatever it looks like, it is the caller's own doing.
        }

        var place = $"The language model provider '{provider.Name}'";
        return exception switch
        {
            ClientResultException { Status: >= 400 } refused =>
                new(
                    provider.Name,
                    (HttpStatusCode)refused.Status,
                    $"{place} answered {refused.Status}: {Brief(refused.Message)}{HintOf(refused.Status, provider)}",
                    exception),
            TimeoutRejectedException timeout =>
                new(provider.Name, null, FormattableString.Invariant(
                    $"{place} did not answer within {timeout.Timeout.TotalSeconds:0.###} s (LlmOptions.AttemptTimeout)."), exception),
            HttpRequestException or IOException or ClientResultException =>
                new(provider.Name, null, $"{place} cannot be reached, or broke off: {Brief(exception.Message)}", exception),
            JsonException or FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException or NullReferenceException
                or IndexOutOfRangeException =>
                new(provider.Name, null, $"{place} answered what is no chat completion: {Brief(exception.Message)}", exception),
            OperationCanceledException =>
                new(provider.Name, null, $"{place} broke off.", exception),
            _ => null,
        };
    }

    private static string HintOf(int status, LlmProvider provider) => status switch
    {
        401 or 403 => $" Is the key in {string.Join(" or ", provider.ApiKeyVariables)} right?",
        404 => $" Are {provider.BaseUrlVariable} and {provider.ModelVariable} right?",
        _ => "",
    };

    // A provider's message may be a page of HTML.
    private static string Brief(string message)
    {
        message = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return message.Length <= 500 ? message : message[..500] + "…";
    }
}

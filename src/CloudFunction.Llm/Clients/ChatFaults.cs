using System.ClientModel;
using System.Net;
using System.Text.Json;
using CloudFunction.Llm.Providers;
using CloudFunction.Llm.Wire;
using Polly.Timeout;

namespace CloudFunction.Llm.Clients;

/// <summary>Translates what the SDK throws to exceptions of this package.</summary>
internal static class ChatFaults
{
    /// <summary>The exception to throw in its place, or <see langword="null"/> where it stays.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="provider">Who was asked.</param>
    /// <param name="model">The model that was asked for.</param>
    /// <param name="cancellationToken">The call's own token.</param>
    public static LlmRequestException? Translate(Exception exception, LlmProvider provider, string model, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return null; // Whatever it looks like, it is the caller's own doing.
        }

        var place = $"The language model provider '{provider.Name}'";
        return exception switch
        {
            AnswerException answer => Fault(ReasonOf(answer), status: null, inner: answer.InnerException),
            ClientResultException { Status: >= 400 } refused =>
                Fault($"answered {refused.Status}: {ReasonOf(refused)}", (HttpStatusCode)refused.Status, HintOf(refused.Status, provider)),
            TimeoutRejectedException timeout =>
                Fault(FormattableString.Invariant($"did not answer within {timeout.Timeout.TotalSeconds:0.###} s (LlmOptions.AttemptTimeout)")),
            HttpRequestException or IOException or ClientResultException => Fault($"cannot be reached, or broke off: {exception.Message}"),
            JsonException or FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException or NullReferenceException
                or IndexOutOfRangeException or InvalidDataException =>
                Fault($"answered with something other than a chat completion: {exception.Message}"),
            OperationCanceledException => Fault("broke off"),
            _ => null,
        };

        // Whatever a text comes from, the key is in none.
        LlmRequestException Fault(string reason, HttpStatusCode? status = null, string hint = "", Exception? inner = null)
        {
            reason = new KeyMask(provider.ApiKey).Hide(PlainText.Shorten(reason));
            return new(provider.Name, status, $"{place} {reason} (model {model}).{hint}", exception is AnswerException ? inner : exception);
        }
    }

    private static string ReasonOf(AnswerException answer) => answer.Fault switch
    {
        AnswerFault.Reported => $"reported an error: {answer.Message}",
        AnswerFault.BrokeOff => $"broke off: {answer.Message}",
        _ => $"answered with something other than a chat completion: {answer.Message}",
    };

    // The SDK finds a reason in the form that OpenAI gives it only.
    private static string ReasonOf(ClientResultException refused) =>
        refused.GetRawResponse()?.Content is { Length: > 0 } body && ReportedError.Of(body.ToMemory().Span).Reason is { Length: > 0 } reason
            ? reason
            : refused.Message;

    private static string HintOf(int status, LlmProvider provider) => status switch
    {
        401 or 403 => $" Is the key in {string.Join(" or ", provider.ApiKeyVariables)} right?",
        404 => $" Are {provider.BaseUrlVariable} and {provider.ModelVariable} right?",
        _ => "",
    };
}

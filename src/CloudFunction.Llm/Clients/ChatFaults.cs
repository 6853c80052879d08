using System.ClientModel;
using System.Net;
using System.Text.Json;
using CloudFunction.Llm.Providers;
using CloudFunction.Llm.Wire;

namespace CloudFunction.Llm.Clients;

/// <summary>Translates what the SDK throws to exceptions of this package.</summary>
internal static class ChatFaults
{
    /// <summary>The exception to throw in its place, or <see langword="null"/> where it stays.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="provider">Who was asked.</param>
    /// <param name="model">The model that was asked for.</param>
    /// <param name="maxRetryDelay">The longest wait before a retry.</param>
    /// <param name="cancellationToken">The call's own token.</param>
    public static LlmRequestException? Translate(
        Exception exception, LlmProvider provider, string model, TimeSpan maxRetryDelay, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return null; // Whatever it looks like, it is the caller's own doing.
        }

        var place = $"The language model provider '{provider.Name}'";
        return exception switch
        {
            AnswerException answer => Fault(ReasonOf(answer), answer.Status, HintOf(answer, provider, maxRetryDelay), answer.InnerException),
            HttpRequestException or ClientResultException => Fault($"cannot be reached, or broke off: {exception.Message}"),
            IOException => Fault($"broke off: {exception.Message}"),
            JsonException or FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException or NullReferenceException
                or IndexOutOfRangeException =>
                Fault("answered with something other than a chat completion: a member of it is of a kind that the OpenAI SDK cannot read"),
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
        AnswerFault.Refused => FormattableString.Invariant($"answered {(int?)answer.Status}: {answer.Message}"),
        AnswerFault.Reported => $"reported an error: {answer.Message}",
        AnswerFault.Late => $"did not answer within {answer.Message}",
        AnswerFault.BrokeOff => $"broke off: {answer.Message}",
        _ => $"answered with something other than a chat completion: {answer.Message}",
    };

    private static string HintOf(AnswerException answer, LlmProvider provider, TimeSpan maxRetryDelay) => (int?)answer.Status switch
    {
        _ when answer.IsTransient && answer.RetryAfter > maxRetryDelay => FormattableString.Invariant(
            $" It was not tried again: the provider asks to wait {answer.RetryAfter.Value.TotalSeconds:0} s, ")
            + FormattableString.Invariant($"and LlmOptions.MaxRetryDelay is {maxRetryDelay.TotalSeconds:0.###} s."),
        401 or 403 => $" Is the key in {string.Join(" or ", provider.ApiKeyVariables)} right?",
        404 => $" Are {provider.BaseUrlVariable} and {provider.ModelVariable} right?",
        >= 300 and < 400 => $" Is {provider.BaseUrlVariable} right?",
        _ => "",
    };
}

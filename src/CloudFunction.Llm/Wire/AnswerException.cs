using System.Net;

namespace CloudFunction.Llm.Wire;

/// <summary>An answer that is none. Callers get it as an <see cref="LlmRequestException"/>.</summary>
/// <param name="fault">What is wrong with it.</param>
/// <param name="message">The reason, as the provider gave it.</param>
/// <param name="isTransient">Whether the same request may be answered a moment later.</param>
/// <param name="innerException">What was caught.</param>
internal sealed class AnswerException(AnswerFault fault, string message, bool isTransient = false, Exception? innerException = null)
    : IOException(message, innerException)
{
    public AnswerFault Fault => fault;

    public bool IsTransient => isTransient;

    /// <summary>The status of an error.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>How long the provider asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

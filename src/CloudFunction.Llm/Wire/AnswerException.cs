namespace CloudFunction.Llm.Wire;

/// <summary>An answer with a good status that is none. Callers get it as an
/// <see cref="LlmRequestException"/>.</summary>
/// <param name="fault">What is wrong with it.</param>
/// <param name="message">The reason, as the provider gave it.</param>
/// <param name="isTransient">Whether the same request may be answered a moment later.</param>
/// <param name="innerException">What was caught.</param>
internal sealed class AnswerException(AnswerFault fault, string message, bool isTransient = false, Exception? innerException = null)
    : IOException(message, innerException)
{
    public AnswerFault Fault => fault;

    public bool IsTransient => isTransient;
}

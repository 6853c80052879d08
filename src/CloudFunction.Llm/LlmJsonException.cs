namespace CloudFunction.Llm;

/// <summary>A model's answer holds no JSON of the type that was asked for.</summary>
public sealed class LlmJsonException : LlmException
{
    internal LlmJsonException(string message, string answer, Exception? innerException = null)
        : base(message, innerException) => Answer = answer;

    /// <summary>The whole answer.</summary>
    public string Answer { get; }
}

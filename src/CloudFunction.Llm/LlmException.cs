namespace CloudFunction.Llm;

/// <summary>What goes wrong between a function and a language model.</summary>
public abstract class LlmException : Exception
{
    /// <summary>Describes what went wrong.</summary>
    protected LlmException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

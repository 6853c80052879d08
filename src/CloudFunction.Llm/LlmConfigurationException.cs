namespace CloudFunction.Llm;

/// <summary>A provider cannot be used as the project's environment has it: a key is missing, for example. The message names the variables.</summary>
public sealed class LlmConfigurationException : LlmException
{
    internal LlmConfigurationException(string message)
        : base(message)
    {
    }
}

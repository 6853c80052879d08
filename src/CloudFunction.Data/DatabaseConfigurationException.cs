namespace CloudFunction.Data;

/// <summary>The project's environment does not say, or says wrongly, which database it has. The message names every variable that is wrong.</summary>
public sealed class DatabaseConfigurationException : DatabaseException
{
    internal DatabaseConfigurationException(string message)
        : base(message)
    {
    }
}

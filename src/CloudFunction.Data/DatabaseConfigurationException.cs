namespace CloudFunction.Data;

/// <summary>The project's environment does not name its database, or not rightly. The message names every variable that is wrong.</summary>
public sealed class DatabaseConfigurationException : DatabaseException
{
    internal DatabaseConfigurationException(string message)
        : base(message)
    {
    }
}

namespace CloudFunction.Runtime;

/// <summary>The base of every exception that this runtime throws of itself.</summary>
public abstract class CloudFunctionException : Exception
{
    private protected CloudFunctionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
